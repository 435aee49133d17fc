"""Measures 5 and 8: the street's monthly workbook and the dashboard."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.urls import reverse

from activities.models import Activity
from organizations import parameters
from reports import dashboard, monthly, monthly_workbook
from reports.services import exports, summaries
from tests.bench.clock import Result, Sample, queries_of, timed
from tests.bench.pages import client_of
from tests.bench.people import came_on, held_on
from tests.bench.street import Street


def draw_monthly(street: Street, path: Path) -> dict[str, Any]:
    """What the job does: content, 说明 with definitions, the file."""
    content = monthly.live_content(street.root, street.last_month, street.today)
    info = exports.info_for(
        organization=street.root,
        actor=street.users["staff"],
        filters=street.last_month.title,
        purpose="月报",
        extra=monthly_workbook.definitions(content),
        row_count=len(content["rows"]),
    )
    monthly_workbook.save_workbook(content, path, info)
    return content


def _cold(street: Street, work: Callable[[], Any]) -> Sample:
    """Time `work` with no summary row of the street left; all is taken back."""
    with transaction.atomic():
        summaries.forget(street.root.path)
        sample = timed(work)
        transaction.set_rollback(True)
    return sample


def check_monthly(street: Street, content: dict[str, Any]) -> None:
    """Totals against the people's numbers, and against the rows above them."""
    size, month, total = street.size, street.last_month, content["total"]
    turns = [held_on(turn, size, street.today) for turn in range(size.activities)]
    drawn = sum(day in month for day in turns) * size.branch_count
    # The school, the teams and others add theirs, on days that hang on today's.
    held = Activity.objects.filter(
        state="held", held_on__gte=month.start, held_on__lt=month.end
    ).count()
    assert held >= drawn
    on_roll = sum(
        came_on(number, street.today) < month.end for number in range(size.members)
    )
    assert total["members.on_roll"] == on_roll, total
    assert total["activities.held"] == held, total
    for key, value in total.items():
        if key in {"members.on_roll", "activities.held", "members.minority"}:
            below = sum(row["values"][key] for row in content["rows"])
            assert below == value, key


def measure(street: Street, rounds: int) -> list[Result]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "monthly.xlsx"
        check_monthly(street, draw_monthly(street, path))

        def work() -> None:
            draw_monthly(street, path)

        cold = [_cold(street, work) for _ in range(rounds)]
        warm = [timed(work) for _ in range(rounds)]
        lines = [
            Result("monthly workbook, cold", "< 2 s", cold),
            Result("monthly workbook, warm", "< 2 s", warm, queries=queries_of(work)),
        ]
    for line in lines:
        line.is_met = line.cpu < 2
    return [*lines, *_dashboard(street, rounds)]


def _dashboard(street: Street, rounds: int) -> list[Result]:
    staff = client_of(street.users["staff"])
    user, month = street.users["staff"], summaries.kept_months(street.today)[-1]

    def figures() -> None:
        with parameters.together():
            dashboard.dashboard(user, street.root, month, street.today)

    def page() -> None:
        assert staff.get(reverse("home")).status_code == 200

    figures()
    page()
    warm = Result(
        "dashboard from node rows",
        "< 20 ms",
        [timed(figures, 20) for _ in range(rounds)],
        queries=queries_of(figures),
    )
    warm.is_met = warm.cpu < 0.020
    cold = Result(
        "dashboard, cold (all months of the year)",
        "—",
        [_cold(street, figures) for _ in range(rounds)],
    )
    month_only = Result(
        "one month of the street recounted",
        "≤ 200 ms at 1,000,000",
        [
            _cold(street, lambda: summaries.figures(street.root, month, street.today))
            for _ in range(rounds)
        ],
    )
    whole = Result(
        "first page with its to-do list",
        "—",
        [timed(page, 5) for _ in range(rounds)],
        queries=queries_of(page),
    )
    recent = street.today - timedelta(days=1)
    marked = Result(
        "one branch marked and read again",
        "—",
        [_marked(street, recent, figures) for _ in range(rounds)],
    )
    return [warm, cold, month_only, marked, whole]


def _marked(street: Street, since: Any, work: Callable[[], None]) -> Sample:
    with transaction.atomic():
        summaries.mark([street.branches[0].pk], since, street.today)
        sample = timed(work)
        transaction.set_rollback(True)
    return sample
