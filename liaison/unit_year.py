"""Everything of one work unit in a year, read from where it was recorded."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.periods import Year
from liaison.choices.conferences import Presence
from liaison.models import (
    Agreement,
    ConferenceAttendance,
    ConferenceDecision,
    Evidence,
    FeedbackPacket,
    LiaisonCard,
    Pair,
    PairActivity,
    ResourceUse,
)
from liaison.querysets import in_force_during
from liaison.service_record import Record, records, short_number
from members.choices import AffiliationKind
from members.models import Affiliation
from organizations.access import Right
from organizations.models import User, WorkUnit

# A printed summary names what was done last, and says how many more there were.
DEEDS_SHOWN = 30


@dataclass(frozen=True)
class Person:
    """One card of the unit's people with what its member did in the year."""

    card: LiaisonCard
    record: Record


@dataclass(frozen=True)
class UnitPeople:
    """The unit's members, their cards, and what was told of them."""

    reported: int
    without_card: int
    people: list[Person]
    packets: list[FeedbackPacket]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Label and figure, for the head of the page and of the paper."""
        times = sum(person.record.times for person in self.people)
        hours = sum((person.record.hours for person in self.people), Decimal(0))
        found = [
            ("已报到的在职党员", f"{self.reported} 人"),
            ("本年在用的联系卡", f"{len(self.people)} 张"),
            ("参加活动和服务", f"{times} 次，{short_number(hours)} 小时"),
        ]
        if self.packets:
            confirmed = sum(hasattr(packet, "receipt") for packet in self.packets)
            told = f"{len(self.packets)} 份，已确认 {confirmed} 份"
            found.append(("反馈材料", told))
        return found


@dataclass(frozen=True)
class UnitJoint:
    """What the unit itself does: agreements, pairs, conferences, resources given."""

    agreements: list[Agreement]
    pairs: list[Pair]
    meetings: list[ConferenceAttendance]
    decisions: list[ConferenceDecision]
    uses: list[ResourceUse]
    activities: list[Activity]

    @property
    def shown_activities(self) -> list[Activity]:
        return self.activities[:DEEDS_SHOWN]

    @property
    def has_more_activities(self) -> bool:
        return len(self.activities) > DEEDS_SHOWN

    @property
    def facts(self) -> list[tuple[str, str]]:
        found = []
        if self.agreements:
            owed = sum(row.owed for row in self.agreements)
            met = sum(row.met for row in self.agreements)
            told = f"{len(self.agreements)} 份，应办 {owed} 项，已办 {met} 项"
            found.append(("共建协议", told))
        if self.pairs:
            fields = "、".join(pair.get_field_display() for pair in self.pairs)
            found.append(("结对共建", fields))
        if self.meetings:
            there = sum(row.presence != Presence.ABSENT for row in self.meetings)
            found.append(("党建联席会", f"{len(self.meetings)} 次，到会 {there} 次"))
        if self.decisions:
            closed = sum(row.closed_on is not None for row in self.decisions)
            told = f"{len(self.decisions)} 项，已办结 {closed} 项"
            found.append(("承办的议定事项", told))
        return found + self._given

    @property
    def _given(self) -> list[tuple[str, str]]:
        if not self.uses:
            return []
        found = [("提供资源", f"{len(self.uses)} 次")]
        if money := sum((use.money or Decimal(0) for use in self.uses), Decimal(0)):
            found.append(("其中资金", f"{money} 元"))
        if served := sum(use.people or 0 for use in self.uses):
            found.append(("受益群众", f"{served} 人次"))
        return found


def unit_people(user: User, unit: WorkUnit, year: Year) -> UnitPeople:
    """Read the people's half of a unit's year in the user's scope, in six queries.

    Packets are read only where the user issues them.
    """
    reported, without_card = _reported(user, unit)
    return UnitPeople(
        reported, without_card, _people(user, unit, year), _packets(user, unit, year)
    )


def unit_joint(user: User, unit: WorkUnit, year: Year) -> UnitJoint:
    """Read the unit's own half of its year where the user keeps it, in six queries."""
    return UnitJoint(
        agreements=list(
            Agreement.objects.visible_to(user)
            .held_in(year)
            .filter(parties__unit=unit)
            .with_numbers_of(year)
            .select_related("organization")
            .order_by("starts_on", "pk")
        ),
        pairs=list(
            Pair.objects.visible_to(user)
            .filter(partners__unit=unit, starts_on__lt=year.end)
            .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=year.start))
            .select_related("organization")
            .order_by("starts_on", "pk")
        ),
        meetings=list(
            ConferenceAttendance.objects.visible_to(user)
            .filter(seat__unit=unit, meeting__held_at__isnull=False)
            .filter(meeting__meets_on__gte=year.start, meeting__meets_on__lt=year.end)
            .select_related("meeting")
            .order_by("meeting__meets_on", "pk")
        ),
        decisions=list(
            ConferenceDecision.objects.visible_to(user)
            .filter(seat__unit=unit)
            .filter(due_on__gte=year.start, due_on__lt=year.end)
            .order_by("due_on", "pk")
        ),
        uses=list(
            ResourceUse.objects.visible_to(user)
            .counted()
            .filter(item__party__unit=unit)
            .filter(used_on__gte=year.start, used_on__lt=year.end)
            .select_related("item")
            .order_by("used_on", "pk")
        ),
        activities=list(_activities(user, unit, year)[: DEEDS_SHOWN + 1]),
    )


def _reported(user: User, unit: WorkUnit) -> tuple[int, int]:
    """Members of the unit who have reported in today, and those without a card."""
    cards = LiaisonCard.objects.open().filter(member=OuterRef("member"))
    rows = (
        Affiliation.objects.visible_to(user)
        .open()
        .filter(kind=AffiliationKind.CO_MANAGED, member__home_unit=unit)
    )
    found = rows.annotate(has_card=Exists(cards)).aggregate(
        all=Count("pk"), without=Count("pk", filter=Q(has_card=False))
    )
    return found["all"], found["without"]


def _people(user: User, unit: WorkUnit, year: Year) -> list[Person]:
    cards = (
        LiaisonCard.objects.visible_to(user)
        .filter(in_force_during(year.start, year.end), home_unit=unit)
        .select_related("member", "organization")
        .order_by("member__name_pinyin", "pk")
    )
    done = records(cards, year.start, year.end)
    return [Person(card, done[card.pk]) for card in cards]


def _packets(user: User, unit: WorkUnit, year: Year) -> list[FeedbackPacket]:
    return list(
        FeedbackPacket.objects.visible_to(user)
        .filter(work_unit=unit)
        .filter(period__starts_on__gte=year.start, period__starts_on__lt=year.end)
        .with_state()
        .select_related("period", "receipt")
        .defer("content")
        .order_by("period__starts_on", "number")
    )


def _activities(user: User, unit: WorkUnit, year: Year) -> QuerySet[Activity]:
    """Activities of the year under the unit's agreements and pairs, latest first."""
    given = Evidence.objects.visible_to(user).filter(
        obligation__agreement__parties__unit=unit, activity=OuterRef("pk")
    )
    paired = PairActivity.objects.visible_to(user).filter(
        pair__partners__unit=unit, activity=OuterRef("pk")
    )
    return (
        Activity.objects.filter(
            Exists(given) | Exists(paired), state=ActivityState.HELD
        )
        .filter(held_on__gte=year.start, held_on__lt=year.end)
        .select_related("organization")
        .order_by("-held_on", "-pk")
    )


def may_see(user: User) -> bool:
    """Whether the page of a unit says anything to this user."""
    return user.has_right(Right.KEEP_AGREEMENTS) or user.has_right(Right.ISSUE_FEEDBACK)
