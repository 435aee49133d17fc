"""Completion of programs: always computed, never typed.

A member earns an item by being present at a held activity that carries it, or by an
achievement that was not withdrawn. The member counts at the branch that educates him
(`AffiliationQuerySet.educating`), so that branches add up to the street.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from activities.models import Achievement, Participation, Program, ProgramItem
from activities.places import educating_on
from config.lib.periods import period_containing
from members.choices import MembershipStatus
from members.models import Affiliation

MOST_IDS = 1000


@dataclass(frozen=True)
class ItemProgress:
    item_id: int
    name: str
    earned: int
    required: int

    @property
    def is_done(self) -> bool:
        return self.earned >= self.required


@dataclass(frozen=True)
class MemberProgress:
    """One member's progress in one program over one period."""

    member_id: int
    name: str
    organization_id: int
    items: tuple[ItemProgress, ...]

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.items)

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def is_complete(self) -> bool:
        return bool(self.items) and self.done == self.total


@dataclass(frozen=True)
class BranchProgress:
    """Counts of members: of the audience, with all items, with at least one event."""

    organization_id: int
    audience: int
    complete: int
    started: int


def program_period(program: Program, day: date):
    """The program's period that `day` lies in."""
    return period_containing(program.period, day)


def audience(
    program: Program, organizations: QuerySet, on: date | None = None
) -> QuerySet[Affiliation]:
    """Educating affiliations, in `organizations`, of the members a program is for.

    As they are now, or as they were on a day; the category is today's either way.
    """
    people = Affiliation.objects.filter(
        organization__in=organizations, member__category=program.audience
    )
    if on is None:
        people = people.filter(member__status=MembershipStatus.NORMAL).educating()
    else:
        # Who has left since was a member then, whatever became of him.
        people = educating_on(people, on).filter(
            Q(ends_on__isnull=False) | Q(member__status=MembershipStatus.NORMAL)
        )
    return people.order_by()


def earned_counts(
    items: Sequence[ProgramItem], members: Any, start: date, end: date
) -> dict[tuple[int, int], int]:
    """How often each (member id, item id) was earned in [start, end).

    `members` is a queryset or list of ids. Two queries, whatever the numbers.
    """
    item_ids = [item.pk for item in items]
    attended = (
        Participation.objects.counted()
        .filter(
            member__in=members,
            activity__held_on__gte=start,
            activity__held_on__lt=end,
            activity__items__in=item_ids,
        )
        .order_by()
        .values_list("member_id", "activity__items")
        .annotate(times=Count("pk"))
    )
    counts = {(member, item): times for member, item, times in attended}
    singly = (
        Achievement.objects.counted()
        .filter(
            member__in=members,
            item__in=item_ids,
            achieved_on__gte=start,
            achieved_on__lt=end,
        )
        .order_by()
        .values_list("member_id", "item_id")
        .annotate(times=Count("pk"))
    )
    for member, item, times in singly:
        counts[member, item] = counts.get((member, item), 0) + times
    return counts


def member_progress(
    program: Program, affiliations: QuerySet[Affiliation], start: date, end: date
) -> list[MemberProgress]:
    """Progress of each member of `affiliations` (see `audience`).

    By name, unless `affiliations` is a slice: that keeps its own order.
    """
    items = list(program.items.all())
    if not affiliations.query.is_sliced:
        affiliations = affiliations.order_by("member__name_pinyin", "member_id")
    people = list(
        affiliations.values_list("member_id", "member__name", "organization_id")
    )
    # A list of many ids would outgrow what SQLite takes in one statement.
    members = (
        [person[0] for person in people]
        if len(people) <= MOST_IDS
        else affiliations.order_by().values("member_id")
    )
    return _progress(items, people, earned_counts(items, members, start, end))


def progress_of_people(
    program: Program, people: Sequence[tuple[int, str, int]], start: date, end: date
) -> list[MemberProgress]:
    """Progress of a page of (member id, name, organization id), in their order."""
    items = list(program.items.all())
    ids = [person[0] for person in people]
    return _progress(items, people, earned_counts(items, ids, start, end))


def _progress(
    items: Sequence[ProgramItem],
    people: Sequence[tuple[int, str, int]],
    counts: dict[tuple[int, int], int],
) -> list[MemberProgress]:
    return [
        MemberProgress(
            member_id, name, organization_id, _items(items, counts, member_id)
        )
        for member_id, name, organization_id in people
    ]


def progress_of_member(
    program: Program, member: Any, start: date, end: date
) -> MemberProgress:
    """Progress of one member, whatever his branch."""
    items = list(program.items.all())
    counts = earned_counts(items, [member.pk], start, end)
    return MemberProgress(member.pk, member.name, 0, _items(items, counts, member.pk))


def _items(
    items: Iterable[ProgramItem], counts: dict[tuple[int, int], int], member_id: int
) -> tuple[ItemProgress, ...]:
    return tuple(
        ItemProgress(
            item.pk, item.name, counts.get((member_id, item.pk), 0), item.required_count
        )
        for item in items
    )


def earned_by_member(program: Program, start: date, end: date) -> Any:
    """How often the member of an outer `member_id` earned any item, an expression."""
    attended = (
        Participation.objects.counted()
        .filter(
            member=OuterRef("member_id"),
            activity__held_on__gte=start,
            activity__held_on__lt=end,
            activity__items__program=program,
        )
        .order_by()
        .values("member")
        .annotate(times=Count("pk"))
        .values("times")
    )
    singly = (
        Achievement.objects.counted()
        .filter(
            member=OuterRef("member_id"),
            item__program=program,
            achieved_on__gte=start,
            achieved_on__lt=end,
        )
        .order_by()
        .values("member")
        .annotate(times=Count("pk"))
        .values("times")
    )
    return Coalesce(Subquery(attended), 0) + Coalesce(Subquery(singly), 0)


def branch_progress(
    program: Program,
    organizations: QuerySet,
    start: date,
    end: date,
    on: date | None = None,
) -> list[BranchProgress]:
    """Progress by branch in [start, end), counted in the database.

    Of the audience of today, or of the day `on`.

    Branches without an audience are absent. Programs without items count nobody as
    complete.
    """
    items = [item.pk for item in program.items.all()]
    try:
        people, people_params = (
            audience(program, organizations, on)
            .values_list("member_id", "organization_id")
            .query.sql_with_params()
        )
    except EmptyResultSet:
        return []
    marks = ", ".join(["%s"] * len(items)) or "NULL"
    sql = _BRANCH_PROGRESS.format(people=people, items=marks)
    params = [
        *people_params,
        *(start, end, *items),
        *(start, end, *items),
        *(len(items), len(items)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [BranchProgress(*row) for row in cursor.fetchall()]


_BRANCH_PROGRESS = """
WITH people (member_id, organization_id) AS ({people}),
earned AS (
    SELECT p.member_id, c.programitem_id AS item_id
    FROM activities_activity a
    JOIN activities_activity_items c ON c.activity_id = a.id
    JOIN activities_participation p ON p.activity_id = a.id
    WHERE a.state = 'held' AND p.presence = 'present'
      AND a.held_on >= %s AND a.held_on < %s
      AND c.programitem_id IN ({items})
    UNION ALL
    SELECT member_id, item_id
    FROM activities_achievement
    WHERE withdrawn_at IS NULL AND achieved_on >= %s AND achieved_on < %s
      AND item_id IN ({items})
),
fulfilled AS (
    SELECT e.member_id, i.id AS item_id,
           CASE WHEN COUNT(*) >= i.required_count THEN 1 ELSE 0 END AS is_done
    FROM earned e JOIN activities_programitem i ON i.id = e.item_id
    GROUP BY e.member_id, i.id, i.required_count
),
members AS (
    SELECT member_id, SUM(is_done) AS done FROM fulfilled GROUP BY member_id
)
SELECT people.organization_id,
       COUNT(*) AS audience,
       SUM(CASE WHEN %s > 0 AND members.done >= %s THEN 1 ELSE 0 END) AS complete,
       SUM(CASE WHEN members.member_id IS NULL THEN 0 ELSE 1 END) AS started
FROM people LEFT JOIN members ON members.member_id = people.member_id
GROUP BY people.organization_id
ORDER BY people.organization_id
"""
