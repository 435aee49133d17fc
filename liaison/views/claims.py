"""Claims of posts: recorded for a card holder, decided by the community, ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from liaison.choices.posts import ClaimState
from liaison.forms.posts import AGREE, ClaimForm, DecideForm, EndForm
from liaison.models import ClaimPost, LiaisonCard, PostClaim
from liaison.services import claims as service
from liaison.views.cards import card_crumbs, kept_card
from liaison.views.posts import post_crumbs, visible_post
from members.views.asking import confirm_page, form_page
from organizations.access import Right, require, require_right

# A community's cards; more are found by the search box only when they fit a dropdown.
MOST_CARDS = 1000
_NOTE = "登记后由设岗的社区或党支部决定，同意后上岗。"


@require_http_methods(["GET", "HEAD", "POST"])
def claim_add(request: HttpRequest, pk: int) -> HttpResponse:
    """From a post: who claims it."""
    post = visible_post(request, pk)
    require_right(request.user, Right.KEEP_CARDS)
    form = ClaimForm(
        request.POST or None,
        label="认领的党员",
        choices=_cards(request, post),
        initial={"chosen": request.GET.get("card", "")},
    )
    return form_page(
        request,
        form,
        "登记认领",
        post_crumbs(post, "登记认领"),
        post.get_absolute_url(),
        lambda data: _propose(request, data, post_id=pk, card_id=data["chosen"]),
        "已登记认领，等待决定。",
        then=lambda claim: claim.post.get_absolute_url(),
        form_note=f"岗位：{post.title}（{post.organization}）。{_NOTE}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def card_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """From a card: which post he claims."""
    card = kept_card(request, pk)
    posts = (
        ClaimPost.objects.visible_to(request.user)
        .free()
        .open_to(card.organization.path)
        .exclude(pk__in=_live(request).filter(card=card).values("post"))
        .select_related("organization")
        .order_by("category", "title")
    )
    choices = [
        (post.pk, f"{post.category}：{post.title}（空{post.places - post.filled}个）")
        for post in posts
    ]
    if not choices and request.method != "POST":
        messages.warning(request, "本社区、本支部现在没有可以认领的岗位，请先设岗。")
        return redirect(card)
    form = ClaimForm(request.POST or None, label="岗位", choices=choices)
    return form_page(
        request,
        form,
        "认领岗位",
        card_crumbs(card, "认领岗位"),
        card.get_absolute_url(),
        lambda data: _propose(request, data, post_id=data["chosen"], card_id=pk),
        "已登记认领，等待决定。",
        then=lambda claim: claim.post.get_absolute_url(),
        form_note=f"党员：{card.member.name}。{_NOTE}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def claim_decide(request: HttpRequest, pk: int) -> HttpResponse:
    claim = _claim(request, pk)
    require(request.user, Right.KEEP_CARDS, claim.post.organization)
    form = DecideForm(request.POST or None)

    def save(data: dict[str, Any]) -> PostClaim:
        if data["decision"] == AGREE:
            return service.agree_claim(
                claim_id=pk, starts_on=data["starts_on"], actor=request.user
            )
        return service.decline_claim(
            claim_id=pk, reason=data["reason"], actor=request.user
        )

    words = f"本人说明：{claim.words}。" if claim.words else ""
    post = claim.post
    return form_page(
        request,
        form,
        f"决定{claim.card.member.name}的认领",
        post_crumbs(post, "决定"),
        post.get_absolute_url(),
        save,
        "已登记决定。",
        form_note=f"岗位：{post.title}，{post.places}个名额。"
        f"{claim.proposed_on}提出。{words}",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def claim_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A holder leaves, or a proposal is taken back."""
    claim = _claim(request, pk)
    require(request.user, Right.KEEP_CARDS, claim.card.organization)
    is_held = claim.state == ClaimState.AGREED
    title = "登记离岗" if is_held else "撤回认领"
    name = claim.card.member.name
    question = f"{name}不再担任“{claim.post}”？"

    def save(data: dict[str, Any]) -> PostClaim:
        return service.end_claim(
            claim_id=pk,
            ends_on=data["ends_on"],
            end_reason=data["end_reason"],
            words=data["reason"],
            actor=request.user,
        )

    return confirm_page(
        request,
        EndForm(request.POST or None),
        title,
        post_crumbs(claim.post, title),
        claim.post.get_absolute_url(),
        question if is_held else f"撤回{name}对“{claim.post}”的认领？",
        ["名额空出来，别人可以认领；记录保留。"],
        save,
        "已登记。",
    )


def _propose(
    request: HttpRequest, data: dict[str, Any], *, post_id: int, card_id: int
) -> PostClaim:
    return service.propose_claim(
        post_id=post_id,
        card_id=card_id,
        proposed_on=data["proposed_on"],
        words=data["words"],
        request_id=data["request_id"],
        actor=request.user,
    )


def _cards(request: HttpRequest, post: ClaimPost) -> list[tuple[int, str]]:
    """Open cards where the post lies, of those whom the user keeps."""
    cards = (
        LiaisonCard.objects.visible_to(request.user)
        .open()
        .lying_below(request.user.rights_paths(Right.KEEP_CARDS))
        .lying_below([post.organization.path])
        .exclude(pk__in=_live(request).filter(post=post).values("card"))
        .order_by("member__name_pinyin", "pk")
    )
    rows = cards.values_list("pk", "member__name", "home_unit__name")
    return [(pk, f"{name}（{unit}）") for pk, name, unit in rows[:MOST_CARDS]]


def _live(request: HttpRequest) -> Any:
    return PostClaim.objects.visible_to(request.user).live()


def _claim(request: HttpRequest, pk: int) -> PostClaim:
    claims = PostClaim.objects.visible_to(request.user).select_related(
        "post__organization", "card__member", "card__organization"
    )
    return get_object_or_404(claims, pk=pk)
