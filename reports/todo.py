"""The to-do list: every warning of the registry that a user may act on."""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, QuerySet, Value, When
from django.urls import reverse

from config.lib import registry
from config.lib.registry import Alert, AlertItem
from organizations import parameters
from organizations.models import Organization, User

TONES = {"info": "info", "warning": "warn", "danger": "bad"}
LEVELS = {"info": "提示", "warning": "提醒", "danger": "紧急"}
_ORDER = ["danger", "warning", "info"]
PAGE_SIZE = 50


@dataclass(frozen=True)
class Todo:
    """One warning with the number of things to do."""

    alert: Alert
    count: int

    @property
    def url(self) -> str:
        return reverse("reports:alert", args=[self.alert.key])

    @property
    def tone(self) -> str:
        return TONES[self.alert.level]

    @property
    def level(self) -> str:
        return LEVELS[self.alert.level]


def alerts_for(user: User) -> list[Alert]:
    """The warnings that this user's posts let him act on, the gravest first."""
    mine = [alert for alert in registry.alerts() if user.has_right(alert.right)]
    return sorted(mine, key=lambda alert: _ORDER.index(alert.level))


def todos(user: User, today: date) -> list[Todo]:
    """Warnings with something to do, all counted in one query."""
    alerts = alerts_for(user)
    with parameters.together():
        counts = _count_together(alerts, user, today)
    return [Todo(alert, counts[alert.key]) for alert in alerts if counts[alert.key]]


def _count_together(alerts: list[Alert], user: User, today: date) -> dict[str, int]:
    counts = {alert.key: 0 for alert in alerts}
    passes: list[str] = []
    parts: list[str] = []
    pass_params: list[Any] = []
    part_params: list[Any] = []
    for number, of_family in enumerate(_families(alerts)):
        try:
            sql, values = _flags(of_family, user, today).query.sql_with_params()
        except EmptyResultSet:
            continue
        passes.append(f"family_{number} AS ({sql})")
        pass_params += values
        for place, alert in enumerate(of_family):
            parts.append(
                f"SELECT %s AS alert, COUNT(*) FROM family_{number}"
                f" WHERE flag_{place} = 1"
            )
            part_params.append(alert.key)
    for number, alert in enumerate(alerts):
        if alert.family is not None:
            continue
        rows = alert.queryset(user, today).order_by().values("pk")
        try:
            sql, values = rows.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT %s AS alert, COUNT(*) FROM ({sql}) AS rows_{number}")
        part_params += [alert.key, *values]
    if parts:
        begin = f"WITH {', '.join(passes)} " if passes else ""
        with connection.cursor() as cursor:
            cursor.execute(
                begin + " UNION ALL ".join(parts), [*pass_params, *part_params]
            )
            counts |= dict(cursor.fetchall())
    return counts


def _families(alerts: list[Alert]) -> list[list[Alert]]:
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


def count(alert: Alert, user: User, today: date) -> int:
    with parameters.together():
        return alert.count(user, today)


@dataclass(frozen=True)
class Line:
    """One thing to do as the page shows it."""

    item: AlertItem
    organization: str


def lines(alert: Alert, user: User, today: date, page: int) -> tuple[list[Line], bool]:
    """One page (from 1) of what to do, and whether more follows."""
    start = (page - 1) * PAGE_SIZE
    stop = start + PAGE_SIZE + 1
    with parameters.together():
        items = list(alert.rows(user, today)[start:stop])
    names = dict(
        Organization.objects.filter(
            pk__in={item.organization_id for item in items}
        ).values_list("pk", "short_name")
    )
    shown = [
        Line(item, names.get(item.organization_id, "")) for item in items[:PAGE_SIZE]
    ]
    return shown, len(items) > PAGE_SIZE
