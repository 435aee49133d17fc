"""What in-post members did: card entries and activities, read in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from activities.choices import ActivityKind
from activities.models import Participation
from liaison.choices import EntryKind
from liaison.models import CardEntry, LiaisonCard, PostClaim
from members.models import Member
from organizations.models import User

_DAILY = EntryKind.DAILY.value
_NOTHING = Decimal(0)


class OneCard(Protocol):
    """What a record needs to know of a card: a row of it will do."""

    @property
    def pk(self) -> int: ...
    @property
    def member_id(self) -> int: ...


class Deed(NamedTuple):
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
        return sum([deed.source != _DAILY for deed in self.deeds])

    @property
    def hours(self) -> Decimal:
        return sum([deed.hours for deed in self.deeds], _NOTHING)

    @property
    def hours_text(self) -> str:
        return short_number(self.hours)

    @property
    def latest_first(self) -> list[Deed]:
        return self.deeds[::-1]


Lives = dict[int, list[tuple[date | None, int]]]


def records(
    cards: Iterable[OneCard],
    start: date,
    end: date,
    lives: Lives | None = None,
    *,
    among: QuerySet[LiaisonCard] | None = None,
) -> dict[int, Record]:
    """Records by card id in [start, end), three queries for any number of cards.

    An activity goes to one card alone: that in force on its day, else the next one
    to begin, since a card is often written some weeks after the member reported.
    `lives` are every card of the members concerned, where the caller has them;
    `among` finds the cards too, where they are too many to name one by one.
    """
    members = {card.pk: card.member_id for card in cards}
    found = {pk: Record() for pk in members}
    if not found:
        return found
    some_cards: Any = list(found)
    some_members: Any = set(members.values())
    if among is not None:
        some_cards = among.order_by().values("pk")
        some_members = among.order_by().values("member_id")
    for card_id, deed in _entry_deeds(some_cards, start, end):
        found[card_id].deeds.append(deed)
    if lives is None:
        lives = _lives(some_members)
    for member_id, deed in _activity_deeds(some_members, start, end):
        record = found.get(_card_of(lives[member_id], deed.done_on))
        if record is not None:
            record.deeds.append(deed)
    for record in found.values():
        record.deeds.sort(key=itemgetter(0))
    return found


def open_card_record(
    user: User, member: Member, start: date, end: date
) -> tuple[LiaisonCard, Record] | None:
    """A member's open card, where `user` sees it, and its record; three queries.

    The card says how many posts it holds, and the first of them.
    """
    held = PostClaim.objects.held().filter(card=OuterRef("pk")).order_by("pk")
    number = held.order_by().values("card").annotate(number=Count("pk"))
    seen = LiaisonCard.objects.visible_to(user).open()
    cards = list(
        LiaisonCard.objects.filter(member=member)
        .annotate(
            is_seen=Exists(seen.filter(pk=OuterRef("pk"))),
            post_title=Subquery(held.values("post__title")[:1]),
            post_count=Coalesce(Subquery(number.values("number")), 0),
        )
        .select_related("home_unit")
        .order_by("starts_on", "pk")
    )
    card = next((card for card in cards if card.is_seen), None)
    if card is None:
        return None
    lives = {member.pk: [(each.ends_on, each.pk) for each in cards]}
    return card, records([card], start, end, lives)[card.pk]


def _lives(members: Any) -> Lives:
    """Every card of each member, oldest first, as (its last day's morrow, id)."""
    lives: Lives = defaultdict(list)
    rows = (
        LiaisonCard.objects.filter(member__in=members)
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


def _entry_deeds(cards: Any, start: date, end: date) -> Iterator[tuple[int, Deed]]:
    kinds = dict(EntryKind.choices)
    rows = (
        CardEntry.objects.counted()
        .filter(card__in=cards, occurred_on__gte=start, occurred_on__lt=end)
        .order_by("id")
        .values_list("card_id", "occurred_on", "kind", "content", "hours")
    )
    for card_id, done_on, kind, content, hours in rows:
        yield card_id, Deed(done_on, kind, kinds[kind], content, hours)


def _activity_deeds(members: Any, start: date, end: date) -> Iterator[tuple[int, Deed]]:
    kinds = dict(ActivityKind.choices)
    rows = (
        Participation.objects.counted()
        .filter(
            member__in=members,
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
