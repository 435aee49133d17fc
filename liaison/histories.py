"""Feedback over the years: the rounds of one unit, and those of one member."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from liaison.models import (
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    LiaisonCard,
    MemberAnswer,
    Receipt,
)
from liaison.supplementing import lines_in_force
from members.models import Member
from organizations.models import User, WorkUnit

# Ten years of quarters.
ROUNDS_SHOWN = 40


@dataclass(frozen=True)
class UnitRound:
    """One packet of the unit with what came of it."""

    packet: FeedbackPacket
    grades: str
    sent_on: date | None
    confirmed_on: date | None
    days: int | None
    supplements: list[FeedbackPacket]


def unit_rounds(user: User, unit: WorkUnit) -> list[UnitRound]:
    """The unit's packets where `user` issues them, latest first, in one query."""
    packets = (
        FeedbackPacket.objects.visible_to(user)
        .filter(work_unit=unit)
        .with_state()
        .select_related("period", "receipt")
        .order_by("-period__starts_on", "supplement_number")
    )
    rounds: dict[Any, list[FeedbackPacket]] = defaultdict(list)
    for packet in packets:
        rounds[packet.corrects_id or packet.pk].append(packet)
    return [_unit_round(rows) for rows in list(rounds.values())[:ROUNDS_SHOWN]]


def _unit_round(rows: list[FeedbackPacket]) -> UnitRound:
    packet, *supplements = rows
    lines = lines_in_force(packet.content, [row.content for row in supplements])
    counted = Counter(line["grade"] or "未评定" for line in lines.values())
    grades = "、".join(f"{grade} {number}" for grade, number in counted.most_common())
    return UnitRound(packet, grades, *_answered(packet), supplements)


def _answered(packet: FeedbackPacket) -> tuple[date | None, date | None, int | None]:
    """When it was sent, when confirmed, and the days between."""
    sent_on = timezone.localdate(packet.sent_at) if packet.sent_at else None
    receipt: Receipt | None = getattr(packet, "receipt", None)
    if receipt is None:
        return sent_on, None, None
    confirmed_on = timezone.localdate(receipt.confirmed_at)
    days = max((confirmed_on - sent_on).days, 0) if sent_on else None
    return sent_on, confirmed_on, days


@dataclass(frozen=True)
class MemberRound:
    """One round of a member's card: what was judged, told, and answered."""

    period: FeedbackPeriod
    card: LiaisonCard
    grade: str
    words: str
    unit: str
    line: dict[str, Any] | None
    sent_on: date | None
    confirmed_on: date | None
    days: int | None
    answer: MemberAnswer | None


def member_rounds(user: User, member: Member) -> list[MemberRound]:
    """The rounds of the member's cards that `user` sees, latest first.

    Of a packet, which joins members of many branches, only his own line is read.
    """
    cards = {
        card.pk: card
        for card in LiaisonCard.objects.visible_to(user).filter(member=member)
    }
    told = _told_of(cards)
    judged = {
        (remark.period_id, remark.card_id): remark
        for remark in FeedbackRemark.objects.visible_to(user)
        .filter(card__in=list(cards))
        .select_related("period")
    }
    answers = {
        (answer.receipt_id, answer.card_id): answer
        for answer in MemberAnswer.objects.filter(card__in=list(cards))
    }
    periods = {key: packet.period for key, (packet, _) in told.items()}
    periods |= {key: remark.period for key, remark in judged.items()}
    found = [
        _member_round(
            periods[key], cards[key[1]], judged.get(key), told.get(key), answers
        )
        for key in periods
    ]
    found.sort(key=lambda row: (row.period.starts_on, row.card.pk), reverse=True)
    return found[:ROUNDS_SHOWN]


_Told = tuple[FeedbackPacket, dict[str, Any]]


def _told_of(cards: dict[int, LiaisonCard]) -> dict[tuple[int, int], _Told]:
    """The packets that name the cards, with their lines, by round and card."""
    # A card follows its member to another employer: all it ever had are asked.
    past = LiaisonCard.history.filter(id__in=list(cards)).values("home_unit_id")
    now = [card.home_unit_id for card in cards.values()]
    units = {row["home_unit_id"] for row in past} | set(now)
    packets = (
        FeedbackPacket.objects.filter(work_unit__in=units)
        .select_related("period", "work_unit", "receipt")
        .order_by("supplement_number")
    )
    rounds: dict[Any, list[FeedbackPacket]] = defaultdict(list)
    for packet in packets:
        rounds[packet.corrects_id or packet.pk].append(packet)
    numbers = {card.number: card.pk for card in cards.values()}
    told = {}
    for packet, *supplements in rounds.values():
        lines = lines_in_force(packet.content, [row.content for row in supplements])
        for number in numbers.keys() & lines.keys():
            told[packet.period_id, numbers[number]] = (packet, lines[number])
    return told


def _member_round(
    period: FeedbackPeriod,
    card: LiaisonCard,
    remark: FeedbackRemark | None,
    told: _Told | None,
    answers: dict[tuple[int, int], MemberAnswer],
) -> MemberRound:
    packet, line = told or (None, None)
    dates = _answered(packet) if packet else (None, None, None)
    receipt = getattr(packet, "receipt", None)
    return MemberRound(
        period,
        card,
        line["grade"] if line else remark.grade if remark else "",
        line["words"] if line else remark.words if remark else "",
        packet.work_unit.name if packet else "",
        line,
        *dates,
        answers.get((receipt.pk, card.pk)) if receipt else None,
    )
