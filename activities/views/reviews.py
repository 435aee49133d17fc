"""Democratic reviews: the board of a year, opening one, its page, who is in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.reviews import BoardFilter, OpenForm, PeopleForm
from activities.models import Review, ReviewResult
from activities.review_board import (
    branches_of,
    dress_branches,
    dress_results,
    open_actions,
    stages,
    year_tiles,
)
from activities.rules.reviews import OPEN_STATES
from activities.services.review_results import record_review_view
from activities.services.reviews import add_people, addable, open_review, reviewing
from config.lib.paging import page_by_key, total_of
from members.choices import AffiliationKind
from members.forms.members import add_service_error
from members.models import Member
from organizations.access import Right

TITLE = "民主评议党员"
_NO_RIGHT = "民主评议结果只有所在支部书记、社区和街道党组织能看。"


@require_safe
def review_board(request: HttpRequest) -> HttpResponse:
    require_reviews(request)
    today = timezone.localdate()
    form = BoardFilter(request.GET or None, today=today)
    data = form.cleaned_data if form.is_valid() else {}
    year, state = data.get("year") or today.year, data.get("state", "")
    branches = branches_of(request.user, year, state)
    page = page_by_key(branches, request.GET, "path")
    dress_branches(page.rows, request.user, year)
    is_alone = not state and len(page.rows) == 1 and not page.previous_url
    if is_alone and page.rows[0].review is not None:
        # A secretary of one branch has one review in mind.
        return redirect(page.rows[0].review)
    context = {
        "page_title": TITLE,
        "breadcrumbs": [("活动", reverse("activities:list")), (TITLE, "")],
        "form": form,
        "is_filtered": form.is_filtered,
        "clear_url": f"{reverse('activities:reviews')}?year={year}",
        "year": year,
        "page": page,
        "total": total_of(page, branches),
        "tiles": year_tiles(request.user, year),
        "may_write": request.user.has_right(Right.WRITE_REVIEWS),
    }
    return render(request, "activities/review_board.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_add(request: HttpRequest) -> HttpResponse:
    if not request.user.has_right(Right.WRITE_REVIEWS):
        raise PermissionDenied("民主评议由党支部开展和登记，请联系支部书记。")
    today, places = timezone.localdate(), reviewing(request.user)
    initial = {"organization": places.first(), "year": str(today.year)}
    form = OpenForm(
        request.POST or None,
        user=request.user,
        places=places,
        today=today,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        try:
            review = open_review(
                organization_id=form.cleaned_data["organization"].pk,
                year=form.cleaned_data["year"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "评议名单已按在册正式党员列好，请核对。")
            return redirect(review)
    context = {
        "page_title": "开始民主评议",
        "breadcrumbs": crumbs(None, "开始民主评议"),
        "form": form,
        "form_note": "在册的正式党员列入评议名单；预备党员参加会议，不评定等次。",
        "submit_label": "开始评议",
        "cancel_url": reverse("activities:reviews"),
    }
    status = 422 if form.errors else 200
    return render(request, "form.html", context, status=status)


@require_safe
def review_detail(request: HttpRequest, pk: int) -> HttpResponse:
    review = visible_review(request, pk)
    rows = list(
        ReviewResult.objects.visible_to(request.user)
        .filter(review=review)
        .select_related("member")
        .by_name()
    )
    dress_results(rows, review)
    listed = [row for row in rows if row.removed_on is None]
    others = Review.objects.visible_to(request.user).filter(
        organization=review.organization_id
    )
    record_review_view(actor=request.user, page="review", review=review)
    context = {
        "page_title": str(review),
        "breadcrumbs": crumbs(review),
        "review": review,
        "stages": stages(review, listed),
        "rows": listed,
        "removed": [row for row in rows if row.removed_on is not None],
        "actions": open_actions(review, request.user),
        "is_open": review.state in OPEN_STATES,
        "may_write": request.user.has_right_at(
            Right.WRITE_REVIEWS, review.organization
        ),
        "tabs": [
            {
                "label": f"{each.year}年",
                "url": each.get_absolute_url(),
                "is_current": each.pk == review.pk,
            }
            for each in others
        ],
    }
    return render(request, "activities/review_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def review_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in who came later, flowed in, or reported to the community."""
    review = written_review(request, pk)
    if (away := only_open(request, review)) is not None:
        return away
    form = PeopleForm(request.POST or None, people=_offered(request, review))
    if request.method == "POST" and form.is_valid():
        try:
            number = add_people(
                review_id=pk,
                member_ids=form.cleaned_data["members"],
                actor=request.user,
            )
        except Member.DoesNotExist:
            form.add_error(None, "有人刚刚离开了支部，请核对后重新勾选。")
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已加入 {number} 人。")
            return redirect(review)
    context = {
        "page_title": "加入党员",
        "breadcrumbs": crumbs(review, "加入党员"),
        "review": review,
        "form": form,
        "cancel_url": review.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "activities/review_people.html", context, status=status)


def _offered(request: HttpRequest, review: Review) -> list[tuple[int, str]]:
    kinds = addable(review)
    people = (
        Member.objects.visible_to(request.user)
        .filter(pk__in=kinds)
        .order_by("name_pinyin", "pk")
    )
    return [
        (pk, f"{name}（{AffiliationKind(kinds[pk]).label}）")
        for pk, name in people.values_list("pk", "name")
    ]


# What the pages share ----------------------------------------------------------------


def require_reviews(request: HttpRequest) -> None:
    if not request.user.has_right(Right.VIEW_REVIEWS):
        raise PermissionDenied(_NO_RIGHT)


def visible_review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(
        Review.objects.visible_to(request.user).select_related(
            "organization", "activity", "approved_by"
        ),
        pk=pk,
    )


def written_review(request: HttpRequest, pk: int) -> Review:
    review = visible_review(request, pk)
    if not request.user.has_right_at(Right.WRITE_REVIEWS, review.organization):
        raise PermissionDenied("这次评议由党支部登记，请联系支部书记。")
    return review


def visible_result(request: HttpRequest, pk: int) -> ReviewResult:
    return get_object_or_404(
        ReviewResult.objects.visible_to(request.user).select_related(
            "member", "review__organization", "review__activity"
        ),
        pk=pk,
    )


def only_open(request: HttpRequest, review: Review) -> HttpResponse | None:
    """Lead back to a review that is decided: nothing of it is written any more."""
    if review.state in OPEN_STATES:
        return None
    said = review.get_state_display()
    messages.info(request, f"这次评议现在是“{said}”，不能再改；需要更正的请上级退回。")
    return redirect(review)


def listed_results(request: HttpRequest, review: Review) -> list[ReviewResult]:
    rows = list(
        ReviewResult.objects.visible_to(request.user)
        .listed()
        .filter(review=review)
        .select_related("member")
        .by_name()
    )
    dress_results(rows, review)
    return rows


def crumbs(review: Review | None, last: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, Any]] = [(TITLE, reverse("activities:reviews"))]
    if review is not None:
        found.append((str(review), review.get_absolute_url() if last else ""))
    return [*found, (last, "")] if last else found


@require_safe
def member_reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """The results of one member, year by year."""
    if not request.user.has_right(Right.VIEW_REVIEWS):
        raise Http404  # whoever may not know meets nobody
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    rows = list(
        ReviewResult.objects.visible_to(request.user)
        .listed()
        .filter(member=member, review__approved_on__isnull=False)
        .select_related("review__organization")
        .order_by("-review__year", "-pk")
    )
    for row in rows:
        dress_results([row], row.review)
    record_review_view(actor=request.user, page="member", member=member)
    context = {
        "page_title": f"{member.name}的民主评议",
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (member.name, member.get_absolute_url()),
            ("民主评议", ""),
        ],
        "member": member,
        "rows": rows,
    }
    return render(request, "activities/member_reviews.html", context)
