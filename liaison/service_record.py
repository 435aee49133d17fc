"""What in-post members did: card entries and activities, read together in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from activities.choices import ActivityKind
from activities.models import Participation
from liaison.choices import EntryKind
from liaison.models import CardEntry, LiaisonCard


@dataclass(frozen=True)
class Deed:
    """One thing done: `source` is "activity" or the kind of card entry."""

    done_on: date
    source: str
    label: str
    content: str
    hours: Decimal


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


def records(cards: Iterable[LiaisonCard], start: date, end: date) -> dict[int, Record]:
    """Records by card id in [start, end), two queries for any number of cards."""
    by_member: dict[int, list[int]] = defaultdict(list)
    found: dict[int, Record] = {}
    for card in cards:
        by_member[card.member_id].append(card.pk)
        found[card.pk] = Record()
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
    for member_id, deed in _activity_deeds(list(by_member), start, end):
        for card_id in by_member[member_id]:
            found[card_id].deeds.append(deed)
    for record in found.values():
        record.deeds.sort(key=lambda deed: deed.done_on)
    return found


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
