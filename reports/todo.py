"""The to-do list: every warning of the registry that a user may act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from config.lib import registry
from config.lib.registry import Alert, AlertItem
from organizations import parameters
from organizations.models import Organization, User
from reports.alert_counts import count_together

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
    counts = count_together(alerts, user, today)
    return [Todo(alert, counts[alert.key]) for alert in alerts if counts[alert.key]]


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
