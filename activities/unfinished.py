"""Who still lacks items of a program: the filter of a list, and the list to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from activities.models import Achievement, Participation, ProgramItem
from members.models import Affiliation

# The choice that asks for no item in particular.
ANY_ITEM = "any"


def wanted_items(items: Sequence[ProgramItem], word: str) -> list[ProgramItem]:
    """Items that `word` of an address asks about: all, one by its key, or none."""
    if word == ANY_ITEM:
        return list(items)
    return [item for item in items if item.key == word]


def lacking(
    people: QuerySet[Affiliation],
    items: Sequence[ProgramItem],
    start: date,
    end: date,
) -> QuerySet[Affiliation]:
    """Those of `people` who have not earned one of `items` in [start, end) in full."""
    wanted = Q()
    for item in items:
        wanted |= _lacks(item, start, end)
    return people.filter(wanted)


def _lacks(item: ProgramItem, start: date, end: date) -> Q:
    attended = Participation.objects.counted().filter(
        member=OuterRef("member_id"),
        activity__held_on__gte=start,
        activity__held_on__lt=end,
        activity__items=item,
    )
    singly = Achievement.objects.counted().filter(
        member=OuterRef("member_id"),
        item=item,
        achieved_on__gte=start,
        achieved_on__lt=end,
    )
    if item.required_count == 1:
        # The first one found is enough; counting would read them all.
        return ~Exists(attended) & ~Exists(singly)
    return Q(LessThan(_times(attended) + _times(singly), item.required_count))


def _times(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("member").annotate(times=Count("pk"))
    return Coalesce(Subquery(counted.values("times")), 0)
