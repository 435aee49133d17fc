"""How many things each warning has for a user: one statement for all warnings.

To spell that statement costs five times what it takes to carry out, and most of it
depends on nothing but who asks, the day and the committee's settings; so it is kept.
"""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, QuerySet, Value, When

from config.lib.registry import Alert
from organizations import parameters
from organizations.models import User

# Of one process; some 60 KB each.
MOST_KEPT = 128


@dataclass(frozen=True)
class Asked:
    """Whoever asks, and everything that the statement follows from."""

    alerts: tuple[Alert, ...]
    # Who he is to the querysets: his number, and what his posts give him.
    user: User = field(compare=False)
    user_id: int
    posts: tuple[tuple[Any, ...], ...]
    today: date
    settings: str


def count_together(alerts: list[Alert], user: User, today: date) -> dict[str, int]:
    """Return the number of rows of each alert, by its key, in one query."""
    counts = {alert.key: 0 for alert in alerts}
    kept = [alert for alert in alerts if not alert.reads_first]
    fresh = [alert for alert in alerts if alert.reads_first]
    with parameters.together():
        spelled = [
            spell_and_keep(asked_of(kept, user, today)),
            spell(asked_of(fresh, user, today)),
        ]
    passes = [each for part in spelled for each in part.passes]
    selects = [each for part in spelled for each in part.selects]
    if selects:
        begin = f"WITH {', '.join(sql for sql, _ in passes)} " if passes else ""
        sql = begin + " UNION ALL ".join(sql for sql, _ in selects)
        with connection.cursor() as cursor:
            cursor.execute(sql, [v for _, values in passes + selects for v in values])
            counts |= dict(cursor.fetchall())
    return counts


def asked_of(alerts: list[Alert], user: User, today: date) -> Asked:
    posts = tuple(
        (
            post.role,
            post.organization_id,
            post.organization.path if post.organization else "",
            post.work_unit_id,
        )
        for post in user.current_posts
    )
    settings = parameters.fingerprint()
    return Asked(tuple(alerts), user, user.pk, posts, today, settings)


# A piece of SQL with its values.
Piece = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Spelled:
    """Passes over a family of alerts, each once, and one count for each alert."""

    passes: tuple[Piece, ...]
    selects: tuple[Piece, ...]


def spell(asked: Asked) -> Spelled:
    """Spell the counts; an alert that can find nothing has none."""
    passes: list[Piece] = []
    selects: list[Piece] = []
    for of_family in _families(asked.alerts):
        rows = _flags(of_family, asked.user, asked.today)
        if (piece := _piece(rows)) is None:
            continue
        # By its own name: kept and fresh statements are joined into one.
        name = f"family_{of_family[0].family.key.replace('.', '_')}"
        passes.append((f"{name} AS ({piece[0]})", piece[1]))
        for place, alert in enumerate(of_family):
            counted = f"FROM {name} WHERE flag_{place} = 1"
            selects.append((f"SELECT %s AS alert, COUNT(*) {counted}", (alert.key,)))
    for number, alert in enumerate(asked.alerts):
        if alert.family is not None:
            continue
        rows = alert.queryset(asked.user, asked.today).order_by().values("pk")
        if (piece := _piece(rows)) is not None:
            counted = f"FROM ({piece[0]}) AS rows_{number}"
            values = (alert.key, *piece[1])
            selects.append((f"SELECT %s AS alert, COUNT(*) {counted}", values))
    return Spelled(tuple(passes), tuple(selects))


spell_and_keep = functools.lru_cache(MOST_KEPT)(spell)


def _piece(rows: QuerySet) -> Piece | None:
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(values)


def _families(alerts: tuple[Alert, ...]) -> list[list[Alert]]:
    families: dict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        if alert.family is not None:
            families[alert.family.key].append(alert)
    return list(families.values())


def _flags(alerts: list[Alert], user: User, today: date) -> QuerySet:
    """The rows that concern any alert of one family, with `flag_N` 1 for the Nth."""
    conditions = [alert.condition(today) for alert in alerts]
    flags = {
        f"flag_{place}": Case(When(condition, then=Value(1)), default=Value(0))
        for place, condition in enumerate(conditions)
    }
    rows = alerts[0].family.rows(user, today)
    return (
        rows.filter(functools.reduce(operator.or_, conditions))
        .order_by()
        .annotate(**flags)
        .values(*flags)
    )
