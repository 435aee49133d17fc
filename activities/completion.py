"""Completion of programs: always computed, never typed.

What earns a member an item stands in one place (`models.Earned`). The member counts at
the branch that educates him (`AffiliationQuerySet.educating`), so that branches add up
to the street.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from activities.models import Earned, Program, ProgramItem
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
    # Whether a branch writes it down; the rest is reckoned from other records.
    by_hand: bool = True

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

    As they are now, or as they were on a day; the category is today's either way. Who
    earned an item by himself in the period counts on: a laid-off member who has found
    work is none any more.
    """
    people = Affiliation.objects.filter(organization__in=organizations)
    wanted = Q(member__category=program.audience)
    # By number: what other items were earned by is not even looked at then.
    by_themselves = [item.pk for item in program.items.all() if item.earned_by]
    if by_themselves:
        period = program_period(program, on or timezone.localdate())
        earned = Earned.objects.filter(member=OuterRef("member_id"))
        earned = earned.filter(item__in=by_themselves)
        wanted |= Q(Exists(earned.between(period.start, period.end)))
    people = people.filter(wanted)
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

    `members` is a queryset or list of ids. One query, whatever the numbers.
    """
    rows = (
        Earned.objects.between(start, end)
        .filter(member__in=members, item__in=[item.pk for item in items])
        .order_by()
        .values_list("member_id", "item_id")
        .annotate(sum=Sum("times"))
    )
    return {(member, item): times for member, item, times in rows}


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
            item.pk,
            item.name,
            counts.get((member_id, item.pk), 0),
            item.required_count,
            not item.earned_by,
        )
        for item in items
    )


def earned_by_member(program: Program, start: date, end: date) -> Any:
    """How often the member of an outer `member_id` earned any item, an expression."""
    mine = Earned.objects.filter(member=OuterRef("member_id"), item__program=program)
    return mine.between(start, end).times_of_each()


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
        *(len(items), len(items)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [BranchProgress(*row) for row in cursor.fetchall()]


# The audience stands in one place of the statement: PostgreSQL then knows how many
# they are, and leaves out what others earned before it adds up.
_BRANCH_PROGRESS = """
WITH people (member_id, organization_id) AS ({people}),
counted AS (
    SELECT people.organization_id, people.member_id, e.item_id, SUM(e.times) AS times
    FROM people LEFT JOIN activities_earned e
      ON e.member_id = people.member_id
     AND e.earned_on >= %s AND e.earned_on < %s AND e.item_id IN ({items})
    GROUP BY people.organization_id, people.member_id, e.item_id
),
members AS (
    SELECT c.organization_id, c.member_id, COUNT(c.item_id) AS items,
           SUM(CASE WHEN c.times >= i.required_count THEN 1 ELSE 0 END) AS done
    FROM counted c LEFT JOIN activities_programitem i ON i.id = c.item_id
    GROUP BY c.organization_id, c.member_id
)
SELECT organization_id,
       COUNT(*) AS audience,
       SUM(CASE WHEN %s > 0 AND done >= %s THEN 1 ELSE 0 END) AS complete,
       SUM(CASE WHEN items > 0 THEN 1 ELSE 0 END) AS started
FROM members
GROUP BY organization_id
ORDER BY organization_id
"""
