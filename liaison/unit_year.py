"""Everything of one work unit in a year, read from where it was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from activities.choices import ActivityState
from activities.models import Activity
from config.lib.periods import Year
from liaison.models import (
    Agreement,
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
class UnitYear:
    """What `user` may see of the unit; places out of his scope are left out."""

    year: Year
    reported: int
    without_card: int
    people: list[Person]
    packets: list[FeedbackPacket]
    agreements: list[Agreement]
    pairs: list[Pair]
    uses: list[ResourceUse]
    activities: list[Activity]
    activities_more: int

    @property
    def times(self) -> int:
        return sum(person.record.times for person in self.people)

    @property
    def hours_text(self) -> str:
        hours = (person.record.hours for person in self.people)
        return short_number(sum(hours, Decimal(0)))

    @property
    def money(self) -> Decimal:
        return sum((use.money or Decimal(0) for use in self.uses), Decimal(0))

    @property
    def served(self) -> int:
        return sum(use.people or 0 for use in self.uses)


def unit_year(user: User, unit: WorkUnit, year: Year) -> UnitYear:
    """Read the unit's year in the user's scope, in a dozen queries however many rows.

    Packets are read only where the user issues them, agreements where he keeps them.
    """
    reported, without_card = _reported(user, unit)
    activities = _activities(user, unit, year)
    return UnitYear(
        year=year,
        reported=reported,
        without_card=without_card,
        people=_people(user, unit, year),
        packets=_packets(user, unit, year),
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
        uses=list(
            ResourceUse.objects.visible_to(user)
            .counted()
            .filter(item__party__unit=unit)
            .filter(used_on__gte=year.start, used_on__lt=year.end)
            .select_related("item")
            .order_by("used_on", "pk")
        ),
        activities=list(activities.select_related("organization")[:DEEDS_SHOWN]),
        activities_more=max(activities.count() - DEEDS_SHOWN, 0),
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
        .order_by("-held_on", "-pk")
    )


def facts(found: UnitYear) -> Iterable[tuple[str, str]]:
    """Label and figure, for the head of the page and of the paper."""
    year = found.year.year
    yield "已报到的在职党员", f"{found.reported} 人"
    yield f"{year}年在用的联系卡", f"{len(found.people)} 张"
    yield "参加活动和服务", f"{found.times} 次，{found.hours_text} 小时"
    if found.packets:
        confirmed = sum(hasattr(packet, "receipt") for packet in found.packets)
        yield "反馈材料", f"{len(found.packets)} 份，已确认 {confirmed} 份"
    if found.agreements:
        owed = sum(row.owed for row in found.agreements)
        met = sum(row.met for row in found.agreements)
        yield "共建协议", f"{len(found.agreements)} 份，应办 {owed} 项，已办 {met} 项"
    if found.pairs:
        yield "结对共建", "、".join(pair.get_field_display() for pair in found.pairs)
    if found.uses:
        yield "提供资源", f"{len(found.uses)} 次"
    if found.money:
        yield "其中资金", f"{found.money} 元"
    if found.served:
        yield "受益群众", f"{found.served} 人次"


def may_see(user: User) -> bool:
    """Whether the page of a unit says anything to this user."""
    return user.has_right(Right.KEEP_AGREEMENTS) or user.has_right(Right.ISSUE_FEEDBACK)
