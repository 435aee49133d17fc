"""A member's own view of his card: a signed link, and entries that he proposes.

Nothing of a proposal counts before the branch has made an entry of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from liaison import rules
from liaison.choices.own import ProposalState
from liaison.models import CardLink, EntryProposal, LiaisonCard
from liaison.parameters.own import CARD_LINK_DAYS
from liaison.services.card_rows import kept_card
from liaison.services.cards import add_entry
from liaison.services.tokens import signed_token, token_digest
from organizations import audit, parameters
from organizations.choices import AuditAction
from organizations.models import User

# Whoever has the link can fill no branch's desk.
MOST_WAITING = 10


def card_token(link: CardLink) -> str:
    """The signed token of a link, made again whenever it is needed."""
    return signed_token("liaison.card", f"{link.card_id}:{link.attempt}")


@transaction.atomic
def issue_link(*, card_id: int, actor: User) -> CardLink:
    """Make a link for the card's member; the one before stops working.

    Raises LiaisonCard.DoesNotExist out of scope, PermissionDenied, RuleError for a
    card that is closed.
    """
    card = kept_card(card_id, actor)
    if card.ends_on is not None:
        raise RuleError("这张联系卡已经注销，不能再生成链接。", code="card_closed")
    now = timezone.now()
    card.links.filter(revoked_at__isnull=True).update(revoked_at=now)
    link = CardLink(
        card=card,
        attempt=card.links.count() + 1,
        expires_at=now + timedelta(days=parameters.get(CARD_LINK_DAYS.key)),
        created_by=actor,
    )
    link.token_sha256 = token_digest(card_token(link))
    link.save()
    _tell(card, AuditAction.CARD_LINK_ISSUED, actor, "issued")
    return link


@transaction.atomic
def revoke_link(*, card_id: int, actor: User) -> None:
    """Let the card's link work no more; without one nothing changes."""
    card = kept_card(card_id, actor)
    working = card.links.filter(revoked_at__isnull=True)
    if working.update(revoked_at=timezone.now()):
        _tell(card, AuditAction.CARD_LINK_ISSUED, actor, "revoked")


def find_by_token(token: str) -> CardLink | None:
    """The link that carries `token` and still works, else None."""
    link = (
        CardLink.objects.select_related(
            "card__member", "card__organization", "card__home_unit"
        )
        .filter(token_sha256=token_digest(token), revoked_at__isnull=True)
        .first()
    )
    if link is None or link.expires_at <= timezone.now():
        return None
    return link if link.card.ends_on is None else None


def note_opened(link: CardLink) -> None:
    CardLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(
        opened_at=timezone.now()
    )


@transaction.atomic
def propose_entry(
    *,
    token: str,
    kind: str,
    occurred_on: date,
    hours: Decimal,
    content: str,
    today: date,
    request_id: UUID | None = None,
) -> EntryProposal | None:
    """Take what the member says he did; None where the link works no more.

    The same `request_id` is taken once. Raises RuleError.
    """
    link = find_by_token(token)
    if link is None:
        return None
    card = LiaisonCard.objects.select_related("organization")
    locked = card.select_for_update(of=("self",), no_key=True).get(pk=link.card_id)
    known = EntryProposal.objects.filter(card=locked)
    if request_id is not None:
        earlier = known.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    rules.check_entry(occurred_on, hours, locked.starts_on, today)
    if not content.strip():
        raise RuleError("请写明做了什么。", code="content")
    if known.filter(state=ProposalState.WAITING).count() >= MOST_WAITING:
        raise RuleError(
            f"已有 {MOST_WAITING} 条等待党支部核定，请核定以后再写。", code="waiting"
        )
    proposal = EntryProposal.objects.create(
        card=locked,
        kind=kind,
        occurred_on=occurred_on,
        hours=hours,
        content=content.strip(),
        request_id=request_id,
    )
    _tell(locked, AuditAction.CARD_ENTRY_PROPOSED, None, "proposed")
    return proposal


@transaction.atomic
def confirm_proposal(*, proposal_id: int, actor: User, today: date) -> EntryProposal:
    """Make an entry of a proposal, as if the branch had written it.

    Raises EntryProposal.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    proposal = _waiting(proposal_id, actor)
    proposal.entry = add_entry(
        card_id=proposal.card_id,
        kind=proposal.kind,
        occurred_on=proposal.occurred_on,
        hours=proposal.hours,
        content=proposal.content,
        actor=actor,
        today=today,
    )
    return _settle(proposal, ProposalState.CONFIRMED, actor)


@transaction.atomic
def decline_proposal(*, proposal_id: int, reason: str, actor: User) -> EntryProposal:
    """Decline one with a reason, which the member reads. As `confirm_proposal`."""
    proposal = _waiting(proposal_id, actor)
    if not reason.strip():
        raise RuleError("不予记入的，请写明原因，本人会看到。", code="reason")
    proposal.reason = reason.strip()
    return _settle(proposal, ProposalState.DECLINED, actor)


def _settle(proposal: EntryProposal, state: str, actor: User) -> EntryProposal:
    proposal.state, proposal.settled_by = state, actor
    proposal.settled_at = timezone.now()
    proposal.save()
    _tell(proposal.card, AuditAction.CARD_ENTRY_SETTLED, actor, state)
    return proposal


def _waiting(proposal_id: int, actor: User) -> EntryProposal:
    """The proposal as it is once its card is locked."""
    seen = EntryProposal.objects.visible_to(actor).filter(pk=proposal_id)
    card = kept_card(seen.values_list("card", flat=True).get(), actor)
    proposal = seen.select_for_update().get()
    proposal.card = card
    if proposal.state != ProposalState.WAITING:
        raise RuleError(
            f"这条记录已是“{proposal.get_state_display()}”，不用再核定。",
            code="settled",
        )
    return proposal


def _tell(
    card: LiaisonCard, action: AuditAction, actor: User | None, step: str
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=card,
        organization=card.organization,
        details={"link_step": step},
    )
