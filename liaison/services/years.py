"""The year of a card: invitations planned by month, and the community's summary."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from activities.models import Activity
from config.lib.errors import RuleError
from config.lib.versions import StaleError, save_versioned
from liaison.models import CardSummary, LiaisonCard, PlannedInvitation
from liaison.rules import years as rules
from liaison.services.card_rows import kept_card
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import User


@transaction.atomic
def plan_invitation(
    *,
    card_id: int,
    month: date,
    content: str = "",
    activity_id: int | None = None,
    actor: User,
    request_id: UUID | None = None,
) -> PlannedInvitation:
    """Plan an invitation of a card's holder; more than a month's most is not refused.

    With an activity its title stands for the words. The same `request_id` plans once.
    Raises LiaisonCard.DoesNotExist and Activity.DoesNotExist out of scope, RuleError.
    """
    card = kept_card(card_id, actor)
    if request_id is not None:
        earlier = PlannedInvitation.objects.filter(card=card, request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    rules.check_month(month, starts_on=card.starts_on, ends_on=card.ends_on)
    activity = None
    if activity_id is not None:
        activity = Activity.objects.visible_to(actor).get(pk=activity_id)
        content = content.strip() or activity.title
        month = activity.held_on
    if not content.strip():
        raise RuleError("请选一项活动，或者写明邀请他做什么。", code="content")
    invitation = PlannedInvitation(
        card=card,
        month=month.replace(day=1),
        activity=activity,
        content=content.strip()[:100],
        recorded_by=actor,
        request_id=request_id,
    )
    invitation.save()
    _tell(card, "invited", actor)
    return invitation


@transaction.atomic
def cancel_invitation(*, invitation_id: int, actor: User) -> PlannedInvitation:
    """Take an invitation out of the plan; a second time changes nothing."""
    seen = PlannedInvitation.objects.visible_to(actor).filter(pk=invitation_id)
    card = kept_card(seen.values_list("card", flat=True).get(), actor)
    invitation = seen.select_for_update().get()
    if invitation.cancelled_at is None:
        invitation.cancelled_at = timezone.now()
        invitation.save(update_fields=["cancelled_at"])
        _tell(card, "uninvited", actor)
    invitation.card = card
    return invitation


@transaction.atomic
def write_summary(
    *, card_id: int, year: int, words: str, version: int = 0, actor: User
) -> CardSummary:
    """Write the words on a card's year, also after the card was closed.

    `version` is 0 where the form knew of none. Raises StaleError.
    """
    card = kept_card(card_id, actor)
    rules.check_summary(words)
    if not card.starts_on.year <= year <= timezone.localdate().year:
        raise RuleError("这一年还没有这张卡的记录，不能写小结。", code="words")
    summary = CardSummary.objects.filter(card=card, year=year).first()
    if summary is None:
        if version:
            raise StaleError
        summary = CardSummary(card=card, year=year, words=words.strip())
        summary.written_by = actor
        summary.save(force_insert=True)
    else:
        summary.words, summary.written_by = words.strip(), actor
        save_versioned(summary, version=version)
    _tell(card, "summed_up", actor)
    return summary


def _tell(card: LiaisonCard, step: str, actor: User) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.CARD_UPDATED,
        target=card,
        organization=card.organization,
        details={"card_step": step},
    )
