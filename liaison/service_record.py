"""What in-post members did: card entries and activities, read in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef

from activities.choices import ActivityKind
from activities.models import Participation
from liaison.choices import EntryKind
from liaison.models import CardEntry, LiaisonCard
from members.models import Member
from organizations.models import User


@dataclass(frozen=True)
class Deed:
    """One thing done: `source` is "activity" or the kind of card entry."""

    done_on: date
    source: str
    label: str
    content: str
    hours: Decimal

    @property
    def hours_text(self) -> str:
        return short_number(self.hours)


def short_number(number: Decimal) -> str:
    """Return 6.50 as 6.5 and 3.0 as 3."""
    return f"{number.normalize():f}"


@dataclass
class Record:
    """What one card's member did in a span of time, oldest first."""

    deeds: list[Deed] = field(default_factory=list)

    @property
    def times(self) -> int:
        """Services and activities; remarks on daily conduct are no service."""
        return sum(deed.source != EntryKind.DAILY for deed in self.deeds)

    @property
    def hours(self) -> Decimal:
        return sum((deed.hours for deed in self.deeds), Decimal(0))

    @property
    def hours_text(self) -> str:
        return short_number(self.hours)

    @property
    def latest_first(self) -> list[Deed]:
        return self.deeds[::-1]


Lives = dict[int, list[tuple[date | None, int]]]


def records(
    cards: Iterable[LiaisonCard], start: date, end: date, lives: Lives | None = None
) -> dict[int, Record]:
    """Records by card id in [start, end), three queries for any number of cards.

    An activity goes to one card alone: that in force on its day, else the next one
    to begin, since a card is often written some weeks after the member reported.
    `lives` are every card of the members concerned, where the caller has them.
    """
    cards = list(cards)
    found = {card.pk: Record() for card in cards}
    if not found:
        return found
    entries = (
        CardEntry.objects.counted()
        .filter(card__in=list(found), occurred_on__gte=start, occurred_on__lt=end)
        .order_by("id")
        .values_list("card_id", "occurred_on", "kind", "content", "hours")
    )
    kinds = dict(EntryKind.choices)
    for card_id, done_on, kind, content, hours in entries:
        deed = Deed(done_on, kind, kinds[kind], content, hours)
        found[card_id].deeds.append(deed)
    if lives is None:
        lives = _lives({card.member_id for card in cards})
    for member_id, deed in _activity_deeds(list(lives), start, end):
        card_id = _card_of(lives[member_id], deed.done_on)
        if card_id in found:
            found[card_id].deeds.append(deed)
    for record in found.values():
        record.deeds.sort(key=lambda deed: deed.done_on)
    return found


def open_card_record(
    user: User, member: Member, start: date, end: date
) -> tuple[LiaisonCard, Record] | None:
    """A member's open card, where `user` sees it, and its record; three queries."""
    seen = LiaisonCard.objects.visible_to(user).open()
    cards = list(
        LiaisonCard.objects.filter(member=member)
        .annotate(is_seen=Exists(seen.filter(pk=OuterRef("pk"))))
        .select_related("home_unit")
        .order_by("starts_on", "pk")
    )
    card = next((card for card in cards if card.is_seen), None)
    if card is None:
        return None
    lives = {member.pk: [(each.ends_on, each.pk) for each in cards]}
    return card, records([card], start, end, lives)[card.pk]


def _lives(member_ids: set[int]) -> Lives:
    """Every card of each member, oldest first, as (its last day's morrow, id)."""
    lives: Lives = defaultdict(list)
    rows = (
        LiaisonCard.objects.filter(member__in=member_ids)
        .order_by("starts_on", "pk")
        .values_list("member_id", "ends_on", "pk")
    )
    for member_id, ends_on, pk in rows:
        lives[member_id].append((ends_on, pk))
    return lives


def _card_of(cards: list[tuple[date | None, int]], day: date) -> int | None:
    """The first card not yet ended on `day`; None when all were."""
    for ends_on, pk in cards:
        if ends_on is None or day < ends_on:
            return pk
    return None


def _activity_deeds(
    member_ids: list[int], start: date, end: date
) -> Iterable[tuple[int, Deed]]:
    kinds = dict(ActivityKind.choices)
    rows = (
        Participation.objects.counted()
        .filter(
            member__in=member_ids,
            activity__held_on__gte=start,
            activity__held_on__lt=end,
        )
        .order_by("activity__held_on", "activity_id")
        .values_list(
            "member_id",
            "activity__held_on",
            "activity__kind",
            "activity__title",
            "hours",
        )
    )
    for member_id, held_on, kind, title, hours in rows:
        yield member_id, Deed(held_on, "activity", kinds[kind], title, hours)
