"""How far the rounds of feedback are: by round, by branch, by unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from liaison.choices import PacketState
from liaison.models import (
    FeedbackCheck,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
    Receipt,
)
from liaison.round_cards import owed_of_street
from organizations.models import Organization, User

ROUNDS_SHOWN = 12


@dataclass(frozen=True)
class RoundRow:
    period: FeedbackPeriod
    to_word: int
    worded: int
    packets: int
    sent: int
    confirmed: int


@dataclass(frozen=True)
class BranchRow:
    organization: Organization
    total: int
    worded: int
    check: FeedbackCheck | None = None


def round_rows(user: User) -> list[RoundRow]:
    """The latest rounds with counts in the user's scope, in four queries.

    Packets are counted only where the user issues feedback; elsewhere they are 0.
    """
    periods = list(
        FeedbackPeriod.objects.visible_to(user)
        .select_related("organization")
        .order_by("-starts_on", "pk")[:ROUNDS_SHOWN]
    )
    if not periods:
        return []
    cards = LiaisonCard.objects.visible_to(user).aggregate(
        **{
            f"p{period.pk}": Count("pk", filter=owed_of_street(period))
            for period in periods
        }
    )
    worded = dict(
        FeedbackRemark.objects.visible_to(user)
        .counted()
        .filter(period__in=periods)
        .order_by()
        .values_list("period")
        .annotate(number=Count("pk"))
    )
    packets = {
        row["period"]: row
        for row in FeedbackPacket.objects.filter(
            period__in=FeedbackPeriod.objects.issued_by(user).values("pk")
        )
        .filter(period__in=periods)
        .originals()
        .order_by()
        .values("period")
        .annotate(
            total=Count("pk"),
            sent=Count("pk", filter=Q(sent_at__isnull=False)),
            confirmed=Count("receipt"),
        )
    }
    none = {"total": 0, "sent": 0, "confirmed": 0}
    return [
        RoundRow(
            period,
            cards[f"p{period.pk}"],
            worded.get(period.pk, 0),
            *(packets.get(period.pk, none)[k] for k in ("total", "sent", "confirmed")),
        )
        for period in periods
    ]


def branch_rows(user: User, period: FeedbackPeriod) -> list[BranchRow]:
    """Branches in scope with cards of the round, in the order of the tree."""
    written = FeedbackRemark.objects.filter(period=period, card=OuterRef("pk"))
    counted = {
        row["organization"]: row
        for row in LiaisonCard.objects.visible_to(user)
        .filter(owed_of_street(period))
        .order_by()
        .annotate(is_worded=Exists(written))
        .values("organization")
        .annotate(total=Count("pk"), worded=Count("pk", filter=Q(is_worded=True)))
    }
    places = Organization.objects.filter(pk__in=list(counted)).order_by("path")
    checks = {each.organization_id: each for each in period.checks.all()}
    return [
        BranchRow(
            place,
            counted[place.pk]["total"],
            counted[place.pk]["worded"],
            checks.get(place.pk),
        )
        for place in places
    ]


def packet_counts(period: FeedbackPeriod) -> dict[str, int]:
    """Packets of the round by their state on the board, in one query."""
    counts = dict.fromkeys(PacketState.values, 0)
    rows = (
        FeedbackPacket.objects.filter(period=period)
        .with_state()
        .order_by()
        .values_list("board_state")
        .annotate(number=Count("pk"))
    )
    return counts | dict(rows)


def receipts_of(packets: list[FeedbackPacket]) -> dict[Any, Receipt]:
    """The receipts of one page of packets by packet id."""
    return {
        receipt.packet_id: receipt
        for receipt in Receipt.objects.filter(packet__in=packets)
    }
