"""Who still lacks items of a program: the filter of a list, and the list to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.lookups import LessThan

from activities.models import Earned, Pledge, ProgramItem
from members.models import Affiliation

# The choice that asks for no item in particular, and for those that were pledged.
ANY_ITEM = "any"
PLEDGED = "pledged"


def wanted_items(items: Sequence[ProgramItem], word: str) -> list[ProgramItem]:
    """Items that `word` of an address asks about: all, one by its key, or none."""
    if word in {ANY_ITEM, PLEDGED}:
        return list(items)
    return [item for item in items if item.key == word]


def lacking(
    people: QuerySet[Affiliation],
    items: Sequence[ProgramItem],
    start: date,
    end: date,
    *,
    pledged: bool = False,
) -> QuerySet[Affiliation]:
    """Those of `people` who have not earned one of `items` in [start, end) in full.

    With `pledged` an item counts for those alone who took it upon themselves.
    """
    wanted = Q()
    for item in items:
        lacks = _lacks(item, start, end)
        if pledged:
            mine = Pledge.objects.standing().filter(member=OuterRef("member_id"))
            lacks &= Q(Exists(mine.filter(item=item, starts_on=start)))
        wanted |= lacks
    return people.filter(wanted)


def _lacks(item: ProgramItem, start: date, end: date) -> Q:
    earned = Earned.objects.filter(member=OuterRef("member_id"), item=item)
    earned = earned.between(start, end)
    if item.required_count == 1:
        # The first one found is enough; counting would read them all.
        return ~Q(Exists(earned))
    return Q(LessThan(earned.times_of_each(), item.required_count))
