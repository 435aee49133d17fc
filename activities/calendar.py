"""The month as the calendar shows it: weeks, what lies on each day, what clashes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone

from activities.choices import ActivityKind, ActivityState
from activities.clashes import MOST_SLOTS, clashing
from activities.models import Activity
from activities.querysets import ActivityQuerySet
from config.lib.periods import Month

# Of a day so many stand in its cell; the rest is a number that leads to the list.
MOST_OF_DAY = 3
_KINDS = dict(ActivityKind.choices)
_COLUMNS = (
    *("pk", "organization_id", "organization__short_name", "title", "kind"),
    *("state", "starts_at", "hours", "place", "leader", "held_on"),
)


@dataclass
class Day:
    on: date
    is_inside: bool
    is_today: bool = False
    total: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def weekday(self) -> str:
        return "一二三四五六日"[self.on.weekday()]

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def shown(activities: ActivityQuerySet) -> ActivityQuerySet:
    """What a calendar shows: held and to come, nothing cancelled."""
    return activities.filter(state__in=[ActivityState.PLANNED, ActivityState.HELD])


def month_days(activities: ActivityQuerySet, month: Month, today: date) -> list[Day]:
    """Whole weeks from Monday on; two queries however much lies in the month."""
    first = month.start - timedelta(days=month.start.weekday())
    last = month.end - timedelta(days=1)
    last += timedelta(days=6 - last.weekday())
    days = [
        Day(on, on in month, on == today)
        for on in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]
    found = shown(activities).during(month)
    counts = dict(found.order_by().values_list("held_on").annotate(Count("pk")))
    numbered = found.annotate(
        place_of_day=Window(
            RowNumber(), partition_by="held_on", order_by=[F("starts_at"), F("pk")]
        )
    )
    firsts: dict[date, list[dict[str, Any]]] = {}
    for row in (
        numbered.filter(place_of_day__lte=MOST_OF_DAY)
        .order_by("held_on", "starts_at", "pk")
        .values(*_COLUMNS)
    ):
        firsts.setdefault(row["held_on"], []).append(drawn(row))
    for day in days:
        if day.is_inside:
            day.total = counts.get(day.on, 0)
            day.rows = firsts.get(day.on, [])
    return days


def drawn(row: dict[str, Any]) -> dict[str, Any]:
    """One activity ready as text."""
    begin = timezone.localtime(row["starts_at"])
    return row | {
        "at": f"{begin:%H:%M}",
        "kind_label": _KINDS[row["kind"]],
        "is_planned": row["state"] == ActivityState.PLANNED,
        "url": reverse("activities:detail", args=[row["pk"]]),
        "branch": row["organization__short_name"],
    }


def month_clashes(activities: ActivityQuerySet, month: Month) -> list[dict[str, Any]]:
    """Activities to come in the month that get in each other's way; one query."""
    planned = Activity.State.PLANNED
    rows = list(
        activities.filter(state=planned)
        .during(month)
        .order_by("starts_at", "pk")
        .values(*_COLUMNS)[:MOST_SLOTS]
    )
    known = {row["pk"]: drawn(row) for row in rows}
    return [
        {
            "one": known[clash.one.pk],
            "other": known[clash.other.pk],
            "on": known[clash.one.pk]["held_on"],
            "reason": clash.reason,
        }
        for clash in clashing(rows)
    ]
