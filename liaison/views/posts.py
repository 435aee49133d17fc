"""Posts that card holders claim: the list, one post, setting up, closing, printing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from activities.matching import MOST_SHOWN
from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.versions import stale_response
from liaison.choices.posts import ClaimState, PostGroup
from liaison.forms.posts import (
    PlaceForm,
    PostAmendForm,
    PostCloseForm,
    PostFilter,
    PostForm,
)
from liaison.models import ClaimPost, PostClaim
from liaison.post_matching import fitting
from liaison.services import posts as service
from members.forms.refusals import refusals
from members.views.asking import form_page
from organizations.access import Right, require, require_right

TITLE = "认领岗位"
_TABS = [("", "全部在设"), *PostGroup.choices]
# On one printed list: a street's posts.
MOST_PRINTED = 400


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("liaison:post-list")), *steps]


def post_crumbs(post: ClaimPost, here: str) -> list[tuple[str, str]]:
    return crumbs((post.title, post.get_absolute_url()), (here, ""))


@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_MEMBERS)
    form = PostFilter(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "")
    found = _found(request, data, group) if data else ClaimPost.objects.none()
    page = page_by_key(
        found.with_numbers().select_related("organization"),
        request.GET,
        "opened_on",
        descending=True,
    )
    address = reverse("liaison:post-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(data.get(name) for name in ("category", "organization")),
        "clear_url": f"{address}?group={group}" if group else address,
        "may_set_up": request.user.has_right(Right.KEEP_CARDS),
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "liaison/post_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found = ClaimPost.objects.visible_to(request.user)
    if group == PostGroup.CLOSED:
        found = found.filter(closed_on__isnull=False)
    elif group == PostGroup.FREE:
        found = found.free()
    else:
        found = found.open()
    if group == PostGroup.WAITING:
        waiting = PostClaim.objects.visible_to(request.user).filter(
            state=ClaimState.PROPOSED
        )
        found = found.filter(pk__in=waiting.order_by().values("post"))
    if data["category"]:
        found = found.filter(category=data["category"])
    if place := data["organization"]:
        found = found.lying_below([place.path])
    return found


@require_safe
def post_detail(request: HttpRequest, pk: int) -> HttpResponse:
    post = visible_post(request, pk)
    user = request.user
    claims = list(
        PostClaim.objects.visible_to(user)
        .filter(post=post)
        .select_related("card__member", "card__home_unit", "card__organization")
    )
    held = [claim for claim in claims if claim.state == ClaimState.AGREED]
    waiting = [claim for claim in claims if claim.state == ClaimState.PROPOSED]
    decides = post.is_open and user.has_right_at(Right.KEEP_CARDS, post.organization)
    context = {
        "page_title": post.title,
        "breadcrumbs": crumbs((post.title, "")),
        "post": post,
        "facts": _facts(post),
        "held": held,
        # Of other branches, whom this user does not see.
        "others": post.filled - len(held),
        "waiting": waiting,
        "past": [row for row in claims if row not in held and row not in waiting],
        "decides": decides,
        "may_claim": post.is_open and user.has_right(Right.KEEP_CARDS),
        "may_end": user.has_right(Right.KEEP_CARDS),
        "free": max(0, post.places - post.filled) if post.is_open else 0,
    }
    return render(request, "liaison/post_detail.html", context)


def _facts(post: ClaimPost) -> list[tuple[str, Any]]:
    return [
        ("岗位类别", post.category),
        ("设岗的党组织", post.organization),
        ("做什么", post.duties),
        ("人数", f"{post.places} 人，在岗 {post.filled} 人"),
        ("需要的特长", "、".join(each.name for each in post.talents.all()) or "不限"),
        ("服务时间", post.when),
        ("设岗日期", f"{post.opened_on:%Y-%m-%d}"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def post_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_CARDS)
    form = PostForm(request.POST or None, user=request.user)

    def save(data: dict[str, Any]) -> ClaimPost:
        return service.set_up_post(
            organization_id=data["organization"].pk,
            facts=form.facts(),
            opened_on=data["opened_on"],
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "设岗",
        crumbs(("设岗", "")),
        reverse("liaison:post-list"),
        save,
        "岗位已设，党员可以认领。",
        then=lambda post: post.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    post = open_post(request, pk)
    form = PostAmendForm(request.POST or None, instance=post, user=request.user)
    back = post.get_absolute_url()

    def save(data: dict[str, Any]) -> ClaimPost:
        return service.amend_post(
            post_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "修改岗位",
        post_crumbs(post, "修改"),
        back,
        save,
        "已保存。",
        stale=lambda: stale_response(
            request, form, visible_post(request, pk), title="修改岗位", cancel_url=back
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def post_close(request: HttpRequest, pk: int) -> HttpResponse:
    post = open_post(request, pk)
    form = PostCloseForm(request.POST or None, instance=post)
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: open_post(request, pk)) as refusal:
            if form.is_valid():
                data = form.cleaned_data
                service.close_post(post_id=pk, actor=request.user, **data)
                messages.success(request, f"岗位“{post}”已关闭。")
                return redirect(post)
        status, post = refusal.status, refusal.latest or post
    context = {
        "title": "关闭岗位",
        "breadcrumbs": post_crumbs(post, "关闭"),
        "question": f"关闭岗位“{post}”？",
        "consequences": [
            f"在岗的 {post.filled} 人从这一天起离岗；"
            f"待决定的 {post.waiting} 人不再决定。",
            "岗位和认领的记录保留；以后再设的请另建。",
        ],
        "form": form,
        "confirm_label": "关闭",
        "is_danger": True,
        "cancel_url": post.get_absolute_url(),
    }
    return render(request, "confirm.html", context, status=status)


@require_safe
def post_match(request: HttpRequest, pk: int) -> HttpResponse:
    """Card holders who fit, the nearest first, each with the reason."""
    post = open_post(request, pk)
    rows = fitting(request.user, post)
    context = {
        "page_title": "找合适的人",
        "breadcrumbs": post_crumbs(post, "找合适的人"),
        "post": post,
        "rows": rows[:MOST_SHOWN],
        "has_more": len(rows) > MOST_SHOWN,
    }
    return render(request, "liaison/post_match.html", context)


@require_safe
def post_print(request: HttpRequest) -> HttpResponse:
    """The list posted publicly: posts, and name and unit of who holds them."""
    require_right(request.user, Right.KEEP_CARDS)
    form = PlaceForm(request.GET, user=request.user)
    place = form.cleaned_data["organization"] if form.is_valid() else None
    roots = [place.path] if place else request.user.member_paths
    posts = list(
        ClaimPost.objects.visible_to(request.user)
        .open()
        .lying_below(roots)
        .with_numbers()
        .select_related("organization")
        .order_by("organization__path", "category", "pk")[: MOST_PRINTED + 1]
    )
    claims = (
        PostClaim.objects.visible_to(request.user)
        .held()
        .filter(post__in=[post.pk for post in posts])
        .order_by("starts_on", "pk")
        .values_list("post", "card__member__name", "card__home_unit__name")
    )
    names: dict[int, list[str]] = {}
    for post_id, name, unit in claims:
        names.setdefault(post_id, []).append(f"{name}（{unit}）")
    context = {
        "page_title": "打印岗位公示",
        "breadcrumbs": crumbs(("打印公示", "")),
        "form": form,
        "place": place,
        "rows": [
            (post, names.get(post.pk, []), max(0, post.places - post.filled))
            for post in posts[:MOST_PRINTED]
        ],
        "has_more": len(posts) > MOST_PRINTED,
    }
    return render(request, "liaison/post_print.html", context)


def visible_post(request: HttpRequest, pk: int) -> Any:
    """A post with its numbers."""
    posts = ClaimPost.objects.visible_to(request.user).with_numbers()
    return get_object_or_404(posts.select_related("organization"), pk=pk)


def open_post(request: HttpRequest, pk: int) -> Any:
    """The post, where the user decides on it; closed ones are told by the service."""
    post = visible_post(request, pk)
    require(request.user, Right.KEEP_CARDS, post.organization)
    return post
