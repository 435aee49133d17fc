"""Claims of posts: proposed by a card holder, decided by the community, ended.

The post's row is locked first, then the card's: whoever decides waits for whoever
decided before, so that a post never has more holders than places.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from activities.rules.projects import check_day
from config.lib.errors import RuleError
from config.lib.paths import is_within
from liaison.choices.posts import ClaimEnd, ClaimState
from liaison.models import ClaimPost, LiaisonCard, PostClaim
from liaison.rules import posts as rules
from liaison.services.card_rows import locked_card
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed


@transaction.atomic
def propose_claim(
    *,
    post_id: int,
    card_id: int,
    proposed_on: date,
    words: str = "",
    actor: User,
    request_id: UUID | None = None,
) -> PostClaim:
    """Write down that a card holder wants a post; whoever keeps his card does.

    A repeated `request_id` returns the claim of the first time. Raises
    ClaimPost.DoesNotExist and LiaisonCard.DoesNotExist out of scope,
    PermissionDenied, RuleError.
    """
    post = _locked_post(post_id, actor)
    card = locked_card(card_id, actor)
    require(actor, Right.KEEP_CARDS, card.organization)
    if request_id is not None:
        earlier = PostClaim.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    _check_both(post, card)
    check_day(
        proposed_on,
        label="提出日期",
        code="proposed_on",
        first=max(post.opened_on, card.starts_on),
        today=timezone.localdate(),
    )
    if PostClaim.objects.live().filter(post=post, card=card).exists():
        raise RuleError("这张联系卡已认领这个岗位，不用再登记。", code="card")
    claim = PostClaim.objects.create(
        post=post,
        card=card,
        words=words.strip(),
        proposed_on=proposed_on,
        recorded_by=actor,
        request_id=request_id,
    )
    _tell(claim, "proposed", actor)
    return claim


@transaction.atomic
def agree_claim(*, claim_id: int, starts_on: date, actor: User) -> PostClaim:
    """Agree to a claim: the member holds the post from that day on.

    Raises PostClaim.DoesNotExist out of scope, PermissionDenied, RuleError where
    every place is taken.
    """
    claim = _locked_claim(claim_id, actor)
    require(actor, Right.KEEP_CARDS, claim.post.organization)
    rules.check_proposed(claim.state)
    _check_both(claim.post, claim.card)
    check_day(
        starts_on,
        label="上岗日期",
        code="starts_on",
        first=claim.proposed_on,
        today=timezone.localdate(),
    )
    rules.check_room(
        spans_of(claim.post), claim.post.places, str(claim.post), starts_on
    )
    claim.state, claim.starts_on = ClaimState.AGREED, starts_on
    _decide(claim, actor)
    _tell(claim, "agreed", actor, since=starts_on)
    return claim


@transaction.atomic
def decline_claim(*, claim_id: int, reason: str, actor: User) -> PostClaim:
    """Decline a claim with a reason. Raises as `agree_claim`."""
    claim = _locked_claim(claim_id, actor)
    require(actor, Right.KEEP_CARDS, claim.post.organization)
    rules.check_proposed(claim.state)
    rules.check_reason(reason, "不同意的，请写明原因，由支部告知本人。")
    claim.state, claim.reason = ClaimState.DECLINED, reason.strip()
    _decide(claim, actor)
    _tell(claim, "declined", actor)
    return claim


@transaction.atomic
def end_claim(
    *, claim_id: int, ends_on: date, end_reason: str, words: str = "", actor: User
) -> PostClaim:
    """Write down that a holder gave the post up, or takes his proposal back.

    Whoever keeps the card may. Raises as `agree_claim`.
    """
    claim = _locked_claim(claim_id, actor)
    require(actor, Right.KEEP_CARDS, claim.card.organization)
    if claim.state not in (ClaimState.PROPOSED, ClaimState.AGREED):
        raise RuleError(
            f"这次认岗已是“{claim.get_state_display()}”，不能再办理。", code="ended"
        )
    rules.check_end(end_reason, words)
    check_day(
        ends_on,
        label="日期",
        code="ends_on",
        first=claim.starts_on or claim.proposed_on,
        today=timezone.localdate(),
    )
    _end(claim, ends_on, end_reason, words.strip(), actor)
    return claim


def end_claims_of_card(card: LiaisonCard, on_date: date, actor: User | None) -> None:
    """End what a card that is closed holds and asks for; its row is locked."""
    for claim in _live(card=card):
        _end(claim, on_date, ClaimEnd.CARD_CLOSED, "", actor)


def end_claims_of_post(post: ClaimPost, on_date: date, actor: User) -> int:
    """End all claims of a post that is closed; its row is locked."""
    claims = _live(post=post)
    for claim in claims:
        _end(claim, on_date, ClaimEnd.POST_CLOSED, "", actor)
    return len(claims)


def end_claims_elsewhere(card: LiaisonCard, actor: User | None) -> None:
    """End what a card holds where it lies no longer, as after a merger."""
    today = timezone.localdate()
    for claim in _live(card=card):
        if not is_within(card.organization.path, claim.post.organization.path):
            _end(claim, today, ClaimEnd.MOVED, "", actor)


def spans_of(post: ClaimPost) -> list[tuple[date, date | None]]:
    """When somebody held a post; the row is locked."""
    held = PostClaim.objects.filter(post=post, starts_on__isnull=False)
    rows = held.values_list("starts_on", "ends_on")
    return [(start, end) for start, end in rows if start is not None]


def _live(**where: object) -> list[PostClaim]:
    claims = PostClaim.objects.live().filter(**where).order_by("pk")
    return list(
        claims.select_related("post__organization", "card").select_for_update(
            of=("self",)
        )
    )


def _end(
    claim: PostClaim, on_date: date, end_reason: str, words: str, actor: User | None
) -> None:
    claim.end_reason, claim.reason = end_reason, words
    since = None
    if claim.starts_on is None:
        claim.state, step = ClaimState.WITHDRAWN, "withdrawn"
    else:
        # A card may be closed for a day before the post began.
        claim.ends_on = max(on_date, claim.starts_on)
        claim.state, step, since = ClaimState.ENDED, "ended", claim.ends_on
    claim.save(update_fields=["state", "ends_on", "end_reason", "reason"])
    _tell(claim, step, actor, since=since)


def _decide(claim: PostClaim, actor: User) -> None:
    claim.decided_on, claim.decided_by = timezone.localdate(), actor
    claim.save()


def _check_both(post: ClaimPost, card: LiaisonCard) -> None:
    rules.check_open(post.closed_on, post.title)
    rules.check_card(
        card.ends_on,
        card_path=card.organization.path,
        post_path=post.organization.path,
    )


def _locked_post(post_id: int, actor: User) -> ClaimPost:
    return (
        ClaimPost.objects.visible_to(actor)
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=post_id)
    )


def _locked_claim(claim_id: int, actor: User) -> PostClaim:
    """The claim as it is once its post and card are locked."""
    seen = PostClaim.objects.visible_to(actor).filter(pk=claim_id)
    post_id, card_id = seen.values_list("post", "card").get()
    post, card = _locked_post(post_id, actor), locked_card(card_id, actor)
    claim = seen.select_for_update().get()
    claim.post, claim.card = post, card
    return claim


def _tell(
    claim: PostClaim, step: str, actor: User | None, *, since: date | None = None
) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.POST_CLAIMED,
        target=claim,
        organization=claim.post.organization,
        details={"claim_step": step},
    )
    if since is not None:
        facts_changed.send(
            sender=PostClaim,
            organization_ids={claim.post.organization_id},
            since=since,
        )
