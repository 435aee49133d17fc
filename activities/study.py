"""Study hours of members: always counted from what was recorded, in the database.

集中学 is being present at a held activity of a kind that teaches, or at any session of
the Party school; 自学 is what the branch wrote down of it. A day gives no more than
the committee's number of hours, so the sum is of days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

from activities.choices import ActivityKind
from activities.parameters.study import (
    DAY_HOURS,
    KINDS,
    MEMBER_HOURS,
    OFFICER_HOURS,
    TOLERANCE,
)
from activities.rules.study import due_hours
from members.choices import MembershipStatus
from members.models import Affiliation
from organizations import parameters

# A piece of SQL with its values.
Piece = tuple[str, list[Any]]


@dataclass(frozen=True)
class Targets:
    """Hours asked of a year, and those due by today."""

    member: int
    officer: int
    due_member: Decimal
    due_officer: Decimal


@dataclass(frozen=True)
class Hours:
    """One member's hours of a year; `due` is what he should have by now."""

    together: Decimal
    alone: Decimal
    target: int
    due: Decimal

    @property
    def total(self) -> Decimal:
        return self.together + self.alone

    @property
    def is_behind(self) -> bool:
        return self.total < self.due

    @property
    def is_full(self) -> bool:
        return self.total >= self.target


@dataclass(frozen=True)
class Totals:
    people: int
    full: int
    behind: int
    together: Decimal
    alone: Decimal


def targets(today: date) -> Targets:
    member, officer = parameters.get(MEMBER_HOURS), parameters.get(OFFICER_HOURS)
    tolerance = parameters.get(TOLERANCE)
    return Targets(
        member,
        officer,
        due_hours(member, tolerance, today),
        due_hours(officer, tolerance, today),
    )


def counted_kinds() -> list[str]:
    """Kinds of activity whose hours are study."""
    labels = set(parameters.get(KINDS))
    return [kind.value for kind in ActivityKind if kind.label in labels]


def days(start: date, end: date, people: Piece) -> Piece:
    """Hours by member and day in [start, end), of those that `people` selects."""
    inside, values = people
    sql = days_sql(
        marks_of(counted_kinds()),
        taught=f"AND p.member_id IN ({inside})",
        alone=f"AND s.member_id IN ({inside})",
    )
    taught, alone = day_values(start, end)
    return sql, [*taught, *values, *alone, *values]


def day_values(start: date, end: date) -> tuple[list[Any], list[Any]]:
    """Values of `days_sql` up to its mark `taught`, and from there up to `alone`."""
    most, span = parameters.get(DAY_HOURS), [start, end]
    return [most, most, most, most, *span, *counted_kinds()], span


def days_sql(kinds: str, *, taught: str = "", alone: str = "", among: str = "") -> str:
    """Hours by member and day, of those that conditions or the table `among` select.

    A condition suits a few people, whose rows are looked up; a table with one row for
    each of many is joined, since of a condition PostgreSQL takes them for few as well.
    """
    return _DAYS.format(
        kinds=kinds,
        taught=taught,
        alone=alone,
        among_p=f" JOIN {among} w ON w.member_id = p.member_id" if among else "",
        among_s=f" JOIN {among} w ON w.member_id = s.member_id" if among else "",
    )


def marks_of(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


_DAYS = """
SELECT d.member_id, d.day, d.together,
       CASE WHEN d.together + d.alone > %s THEN %s - d.together
            ELSE d.alone END AS alone
FROM (
    SELECT h.member_id, h.day, SUM(h.alone) AS alone,
           CASE WHEN SUM(h.together) > %s THEN %s ELSE SUM(h.together) END AS together
    FROM (
        SELECT p.member_id, v.held_on AS day, p.hours AS together, 0 AS alone
        FROM activities_activity v
        JOIN activities_participation p ON p.activity_id = v.id{among_p}
        WHERE v.state = 'held' AND p.presence = 'present'
          AND v.held_on >= %s AND v.held_on < %s
          AND (v.kind IN ({kinds}) OR v.course_id IS NOT NULL)
          {taught}
        UNION ALL
        SELECT s.member_id, s.studied_on, 0, s.hours
        FROM activities_selfstudy s{among_s}
        WHERE s.withdrawn_at IS NULL AND s.studied_on >= %s AND s.studied_on < %s
          {alone}
    ) h
    GROUP BY h.member_id, h.day
) d
"""
# Whether {member} held a post on a day (twice).
LEADS = """EXISTS (
    SELECT 1 FROM members_officer o WHERE o.member_id = {member}
      AND o.starts_on <= {day} AND (o.ends_on IS NULL OR o.ends_on > {day}))"""


def year_until(today: date) -> tuple[date, date]:
    return date(today.year, 1, 1), date(today.year + 1, 1, 1)


@parameters.together()
def hours_of(member_ids: Sequence[int], today: date) -> dict[int, Hours]:
    """Hours of this year of each member, in one query."""
    if not member_ids:
        return {}
    wanted = targets(today)
    ids = marks_of(member_ids)
    sql, values = days(*year_until(today), (ids, list(member_ids)))
    leads = LEADS.format(member="m.id", day="%s")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT m.id, CASE WHEN {leads} THEN 1 ELSE 0 END,
                   COALESCE(SUM(c.together), 0), COALESCE(SUM(c.alone), 0)
            FROM members_member m LEFT JOIN ({sql}) c ON c.member_id = m.id
            WHERE m.id IN ({ids})
            GROUP BY m.id
            """,
            [today, today, *values, *member_ids],
        )
        return {
            pk: Hours(
                _decimal(together),
                _decimal(alone),
                wanted.officer if leads else wanted.member,
                wanted.due_officer if leads else wanted.due_member,
            )
            for pk, leads, together, alone in cursor.fetchall()
        }


def learners(organizations: QuerySet) -> QuerySet[Affiliation]:
    """Educating affiliations of members in good standing: who has hours to study."""
    return (
        Affiliation.objects.filter(
            organization__in=organizations, member__status=MembershipStatus.NORMAL
        )
        .educating()
        .order_by()
    )


@parameters.together()
def totals(people: QuerySet[Affiliation], today: date) -> Totals:
    """Members, those with full hours and those behind, and hours, in one query."""
    try:
        inside, people_values = people.values("member_id").query.sql_with_params()
    except EmptyResultSet:
        return Totals(0, 0, 0, Decimal(0), Decimal(0))
    wanted = targets(today)
    sql = days_sql(marks_of(counted_kinds()), among="people")
    of_taught, of_alone = day_values(*year_until(today))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH people (member_id) AS ({inside}),
            studied AS (
                SELECT c.member_id, SUM(c.together) AS together, SUM(c.alone) AS alone
                FROM ({sql}) c GROUP BY c.member_id),
            officers AS (
                SELECT DISTINCT o.member_id FROM members_officer o
                WHERE o.starts_on <= %s AND (o.ends_on IS NULL OR o.ends_on > %s)),
            known AS (
                SELECT CASE WHEN o.member_id IS NULL THEN 0 ELSE 1 END AS leads,
                       y.joined_on,
                       COALESCE(s.together, 0) AS together,
                       COALESCE(s.alone, 0) AS alone
                FROM people n JOIN members_member y ON y.id = n.member_id
                LEFT JOIN studied s ON s.member_id = n.member_id
                LEFT JOIN officers o ON o.member_id = n.member_id)
            SELECT COUNT(*),
                   SUM(CASE WHEN together + alone >=
                       CASE WHEN leads = 1 THEN %s ELSE %s END THEN 1 ELSE 0 END),
                   SUM(CASE WHEN joined_on < %s AND together + alone <
                       CASE WHEN leads = 1 THEN %s ELSE %s END THEN 1 ELSE 0 END),
                   SUM(together), SUM(alone)
            FROM known
            """,
            [
                *(*people_values, *of_taught, *of_alone, today, today),
                *(wanted.officer, wanted.member, year_until(today)[0]),
                *(float(wanted.due_officer), float(wanted.due_member)),
            ],
        )
        people_count, full, behind, together, alone = cursor.fetchone()
    return Totals(
        people_count, full or 0, behind or 0, _decimal(together), _decimal(alone)
    )


class _HasHours(Func):
    """Whether the member of a row is among those that `sql` selects.

    Written as SQL: the ORM has no sum of sums, which a limit by day needs.
    """

    output_field = BooleanField()

    def __init__(self, sql: str, values: tuple[Any, ...]) -> None:
        super().__init__(F("member_id"))
        self.sql, self.values = sql, values

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        person, params = compiler.compile(self.source_expressions[0])
        return f"({person} IN ({self.sql}))", [*params, *self.values]


def _enough(organizations: QuerySet, today: date) -> Piece:
    wanted = targets(today)
    inside, ids = organizations.order_by().values("pk").query.sql_with_params()
    near = (
        "SELECT member_id FROM members_affiliation"
        f" WHERE ends_on IS NULL AND organization_id IN ({inside})"
    )
    sql, values = days(*year_until(today), (near, list(ids)))
    leads = LEADS.format(member="c.member_id", day="%s")
    return (
        f"SELECT c.member_id FROM ({sql}) c GROUP BY c.member_id"
        f" HAVING SUM(c.together + c.alone) >= CASE WHEN {leads} THEN %s ELSE %s END"
    ), [*values, today, today, float(wanted.due_officer), float(wanted.due_member)]


@parameters.together()
def behind(
    people: QuerySet[Affiliation], organizations: QuerySet, today: date
) -> QuerySet[Affiliation]:
    """Those of `people` (who belong to `organizations`) with fewer hours than due.

    Local rule: whoever joined this year is not behind. Set by the portal.
    """
    if targets(today).due_member <= 0 and targets(today).due_officer <= 0:
        return people.none()
    try:
        sql, values = _enough(organizations, today)
    except EmptyResultSet:
        return people.none()
    earlier = people.filter(member__joined_on__lt=date(today.year, 1, 1))
    return earlier.exclude(_HasHours(sql, tuple(values)))


def hours_by_member(
    rows: Iterable[Affiliation], today: date
) -> list[tuple[Affiliation, Hours]]:
    rows = list(rows)
    found = hours_of([row.member_id for row in rows], today)
    return [(row, found[row.member_id]) for row in rows]


def _decimal(value: Any) -> Decimal:
    """SQLite adds tenths up as binary fractions."""
    return Decimal(str(value or 0)).quantize(Decimal("0.1"))
