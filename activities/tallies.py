"""What members did, counted by branch and month in the database, many months at once.

A person counts where he was educated on a day (see `activities.places`): these
statements ask it of all people and days together, as a relation that no nearer one
stands against.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from activities.models import Program
from activities.parameters.study import MEMBER_HOURS, OFFICER_HOURS
from activities.study import LEADS, counted_kinds, day_values, days_sql, marks_of
from config.lib.periods import Month, period_containing
from members.choices import AffiliationKind, MembershipStatus
from organizations import parameters

# `members.querysets.NEARNESS`, and the older relation of two that are as near.
_RANK = (
    f"CASE {{0}}.kind WHEN '{AffiliationKind.CO_MANAGED.value}' THEN 0"
    f" WHEN '{AffiliationKind.MOBILE_IN.value}' THEN 1 ELSE 2 END"
)
_NEARER = (
    f"({_RANK.format('b')} < {_RANK.format('a')} OR"
    f" ({_RANK.format('b')} = {_RANK.format('a')} AND b.id < a.id))"
)
# Relation a is the one that educates on the last day of month m.
_EDUCATES = f"""
    NOT EXISTS (
        SELECT 1 FROM members_affiliation b
        WHERE b.member_id = a.member_id AND b.id <> a.id
          AND b.starts_on <= m.last_day
          AND (b.ends_on IS NULL OR b.ends_on > m.last_day)
          AND {_NEARER})
"""
_HOLDS = """
    a.starts_on <= m.last_day AND (a.ends_on IS NULL OR a.ends_on > m.last_day)
"""
# Who ever belonged to the organizations: a branch's figures read its people alone.
_NEAR = """(
    SELECT member_id FROM members_affiliation WHERE organization_id IN ({organizations})
)"""


def participations(
    organizations: QuerySet, months: Sequence[Month]
) -> Iterable[tuple[int, int, int, Any]]:
    """(organization id, place of the month, times, hours) of counted participations.

    By the branch of the day, see `places.place_on`.
    """
    return _rows(_PARTICIPATIONS, months, organizations)


def active_members(
    organizations: QuerySet, months: Sequence[Month]
) -> Iterable[tuple[int, int, int]]:
    """(organization id, place of the month, people) who took part in the month."""
    return _rows(_ACTIVE, months, organizations)


def progress(
    program: Program, organizations: QuerySet, months: Sequence[Month], start: date
) -> Iterable[tuple[int, int, int, int, int]]:
    """(organization id, place of the month, audience, complete, started).

    Of what was earned from `start` to each month's end; all months lie in one period
    of the program. A program without items completes nobody.
    """
    items = list(program.items.all())
    marks = ", ".join(["%s"] * len(items)) or "NULL"
    own = [item.pk for item in items if item.earned_by]
    span = [start, period_containing(program.period, start).end]
    return _rows(
        _PROGRESS,
        months,
        organizations,
        people=("", [program.audience]),
        earners=(_EARNERS.format(", ".join(["%s"] * len(own))), [*own, *span])
        if own
        else ("", []),
        standing=("", [MembershipStatus.NORMAL.value]),
        earned=(marks, [start, months[-1].end, *(item.pk for item in items)]),
        items=("", [len(items)]),
    )


@parameters.together()
def study(
    organizations: QuerySet, months: Sequence[Month]
) -> Iterable[tuple[int, int, int, int, Any, Any]]:
    """(organization id, place of the month, members, with full hours, 集中学, 自学).

    Hours are the month's; who has full hours has them from the first of January on.
    All months lie in one year.
    """
    taught, alone = day_values(date(months[0].year, 1, 1), months[-1].end)
    return _rows(
        _STUDY.replace("KINDS", marks_of(counted_kinds())),
        months,
        organizations,
        standing=("", [MembershipStatus.NORMAL.value]),
        taught=("", taught),
        alone=("", alone),
        targets=("", [parameters.get(MEMBER_HOURS), parameters.get(OFFICER_HOURS)]),
    )


def _rows(
    sql: str,
    months: Sequence[Month],
    organizations: QuerySet,
    **params: tuple[str, list[Any]],
) -> list[tuple]:
    """Run a statement; its marks {months}, {organizations} and params are filled in.

    Each stands for a text and the values of the marks up to there.
    """
    try:
        inside, values = organizations.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    months_sql, month_values = _months(months)
    filled: list[Any] = []
    parts: list[str] = []
    for part in sql.split("{"):
        name, closing, rest = part.partition("}")
        if not closing:
            parts.append(part)
            continue
        text, given = {
            "months": (months_sql, month_values),
            "organizations": (inside, list(values)),
            **params,
        }[name]
        parts += (text, rest)
        filled += given
    with connection.cursor() as cursor:
        cursor.execute("".join(parts), filled)
        return cursor.fetchall()


def _months(months: Sequence[Month]) -> tuple[str, list[Any]]:
    names = "%s AS place, %s AS first_day, %s AS last_day, %s AS next_day"
    lines = [f"SELECT {names}", *["SELECT %s, %s, %s, %s"] * (len(months) - 1)]
    values = [
        value
        for place, month in enumerate(months)
        for value in (place, month.start, month.end - timedelta(days=1), month.end)
    ]
    return " UNION ALL ".join(lines), values


_PARTICIPATIONS = f"""
WITH m AS ({{months}})
SELECT a.organization_id, m.place, COUNT(*), SUM(p.hours)
FROM m
JOIN activities_activity v ON v.held_on >= m.first_day AND v.held_on < m.next_day
JOIN activities_participation p ON p.activity_id = v.id
JOIN members_affiliation a ON a.member_id = p.member_id
WHERE v.state = 'held' AND p.presence = 'present'
  AND (a.ends_on IS NULL OR a.ends_on > v.held_on)
  AND a.organization_id IN ({{organizations}})
  AND NOT EXISTS (
    SELECT 1 FROM members_affiliation b
    WHERE b.member_id = a.member_id AND b.id <> a.id
      AND (b.ends_on IS NULL OR b.ends_on > v.held_on)
      AND (
        (b.starts_on <= v.held_on AND (a.starts_on > v.held_on OR {_NEARER}))
        OR (
          b.starts_on > v.held_on AND a.starts_on > v.held_on
          AND (b.starts_on < a.starts_on OR (b.starts_on = a.starts_on AND {_NEARER}))
        )
      )
  )
GROUP BY a.organization_id, m.place
"""

_ACTIVE = f"""
WITH m AS ({{months}})
SELECT a.organization_id, m.place, COUNT(DISTINCT a.id)
FROM m
JOIN activities_activity v ON v.held_on >= m.first_day AND v.held_on < m.next_day
JOIN activities_participation p ON p.activity_id = v.id
JOIN members_affiliation a ON a.member_id = p.member_id
WHERE v.state = 'held' AND p.presence = 'present'
  AND {_HOLDS} AND a.organization_id IN ({{organizations}}) AND {_EDUCATES}
GROUP BY a.organization_id, m.place
"""

# Whoever earned an item by himself counts on, see `completion.audience`.
_EARNERS = """OR EXISTS (
    SELECT 1 FROM activities_earned e
    WHERE e.member_id = p.id AND e.item_id IN ({})
      AND e.earned_on >= %s AND e.earned_on < %s
)"""

# Who has left since was a member then, whatever became of him; the category is
# today's. An item is completed on the day its times add up.
_PROGRESS = f"""
WITH m AS ({{months}}),
people AS (
    SELECT m.place, m.next_day, a.member_id, a.organization_id
    FROM m
    JOIN members_affiliation a ON {_HOLDS}
    JOIN members_member p ON p.id = a.member_id
    WHERE (p.category = %s{{people}} {{earners}})
      AND (a.ends_on IS NOT NULL OR p.status = %s{{standing}})
      AND a.organization_id IN ({{organizations}}) AND {_EDUCATES}
),
earned AS (
    SELECT e.member_id, e.item_id, e.earned_on AS day, SUM(e.times) AS times
    FROM activities_earned e
    WHERE e.earned_on >= %s AND e.earned_on < %s AND e.item_id IN ({{earned}})
      AND e.member_id IN {_NEAR}
    GROUP BY e.member_id, e.item_id, e.earned_on
),
numbered AS (
    SELECT member_id, item_id, day,
           SUM(times) OVER (PARTITION BY member_id, item_id ORDER BY day) AS times
    FROM earned
),
whole AS (
    SELECT n.member_id, n.item_id, MIN(n.day) AS started_on,
           MIN(CASE WHEN n.times >= i.required_count THEN n.day END) AS done_on
    FROM numbered n JOIN activities_programitem i ON i.id = n.item_id
    GROUP BY n.member_id, n.item_id
),
reached AS (
    SELECT member_id, MIN(started_on) AS started_on,
           COUNT(done_on) AS done, MAX(done_on) AS done_on
    FROM whole
    GROUP BY member_id
)
SELECT a.organization_id, a.place, COUNT(*),
       SUM(CASE WHEN r.done = %s{{items}} AND r.done_on < a.next_day THEN 1 ELSE 0 END),
       SUM(CASE WHEN r.started_on < a.next_day THEN 1 ELSE 0 END)
FROM people a LEFT JOIN reached r ON r.member_id = a.member_id
GROUP BY a.organization_id, a.place
"""

_LEADS = LEADS.format(member="a.member_id", day="m.last_day")
_STUDIED = days_sql(
    "KINDS",
    taught="AND p.member_id IN ({taught}" + _NEAR[1:],
    alone="AND s.member_id IN ({alone}" + _NEAR[1:],
)
# The day on which the hours of the year reached the target of a member, of a team.
_STUDY = f"""
WITH m AS ({{months}}),
people AS (
    SELECT m.place, m.next_day, a.member_id, a.organization_id,
           CASE WHEN {_LEADS} THEN 1 ELSE 0 END AS leads
    FROM m
    JOIN members_affiliation a ON {_HOLDS}
    JOIN members_member p ON p.id = a.member_id
    WHERE (a.ends_on IS NOT NULL OR p.status = %s{{standing}})
      AND a.organization_id IN ({{organizations}}) AND {_EDUCATES}
),
days AS ({_STUDIED}),
running AS (
    SELECT member_id, day, together + alone AS hours,
           SUM(together + alone) OVER (PARTITION BY member_id ORDER BY day) AS total
    FROM days
),
reached AS (
    SELECT member_id, MIN(CASE WHEN total >= %s THEN day END) AS member_on,
           MIN(CASE WHEN total >= %s THEN day END) AS officer_on{{targets}}
    FROM running GROUP BY member_id
),
monthly AS (
    SELECT m.place, c.member_id, SUM(c.together) AS together, SUM(c.alone) AS alone
    FROM m JOIN days c ON c.day >= m.first_day AND c.day < m.next_day
    GROUP BY m.place, c.member_id
)
SELECT a.organization_id, a.place, COUNT(*),
       SUM(CASE WHEN (CASE WHEN a.leads = 1 THEN r.officer_on ELSE r.member_on END)
                     < a.next_day THEN 1 ELSE 0 END),
       COALESCE(SUM(h.together), 0), COALESCE(SUM(h.alone), 0)
FROM people a
LEFT JOIN reached r ON r.member_id = a.member_id
LEFT JOIN monthly h ON h.member_id = a.member_id AND h.place = a.place
GROUP BY a.organization_id, a.place
"""
