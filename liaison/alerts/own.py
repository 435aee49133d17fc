"""Warnings of what members propose for their own cards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from config.lib.registry import Alert, AlertItem, register_alert
from liaison.choices.own import ProposalState
from liaison.models import EntryProposal
from liaison.parameters.own import SETTLE_DAYS
from organizations import parameters
from organizations.access import Right


def _waiting(user: Any, today: date) -> QuerySet[EntryProposal]:
    longest = today - timedelta(days=parameters.get(SETTLE_DAYS.key))
    return (
        EntryProposal.objects.visible_to(user)
        .filter(state=ProposalState.WAITING, proposed_at__date__lt=longest)
        .select_related("card__member")
        .order_by("proposed_at", "pk")
    )


def _waiting_item(proposal: EntryProposal, today: date) -> AlertItem:
    day = timezone.localdate(proposal.proposed_at)
    return AlertItem(
        proposal.card.organization_id,
        proposal.card.member.name,
        proposal.card.get_absolute_url(),
        day + timedelta(days=parameters.get(SETTLE_DAYS.key)),
        "本人提出的服务记录还没有核定",
    )


register_alert(
    Alert(
        "liaison.proposals_waiting",
        "本人记录待核定",
        "info",
        "党员通过本人链接提出的服务记录，超过规定天数没有核定的。",
        "在职党员“双报到”做法：服务记录由社区核定；天数为本街道设定",
        Right.KEEP_CARDS,
        _waiting,
        _waiting_item,
        (SETTLE_DAYS.key,),
    )
)
