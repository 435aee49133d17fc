"""The street's plan of the year, and what each branch has arranged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from activities.models import Activity, Plan, PlanLine
from config.lib.dates import SHANGHAI
from members.imports import store
from organizations.models import Organization, User
from tests.bench.people import Size
from tests.bench.rows import insert


def plans(
    size: Size, today: date, root: Organization, branches: list[Organization], by: User
) -> None:
    plan = Plan.objects.create(
        organization=root, year=today.year, title="年度工作计划", created_by=by
    )
    first = date(today.year, 1, 1)
    PlanLine.objects.bulk_create(
        PlanLine(plan=plan, kind=kind, subject=subject, repeat=repeat, **days)
        for kind, subject, repeat, days in (
            (
                "study",
                "政策学习",
                "monthly",
                {"starts_on": first, "due_on": date(today.year, 1, 31)},
            ),
            (
                "volunteering",
                "清洁家园",
                "quarterly",
                {"starts_on": first, "due_on": date(today.year, 3, 31)},
            ),
        )
    )
    stamp = store.moment(timezone.now())

    def rows() -> Iterator[dict[str, Any]]:
        for number, branch in enumerate(branches):
            day = today + timedelta(days=1 + number % 9)
            begin = datetime.combine(day, time(9 + number % 3), tzinfo=SHANGHAI)
            yield {
                "organization_id": branch.pk,
                "kind": "theme_day",
                "title": "主题党日",
                "starts_at": store.moment(begin),
                "held_on": day,
                "hours": "3.0",
                "place": f"第{number % 40 + 1}活动室",
                "leader": "",
                "summary": "",
                "people_served": 0,
                "state": "planned",
                "cancel_reason": "",
                "recorded_by_id": by.pk,
                "recorded_at": stamp,
                "updated_at": stamp,
                "version": 1,
                "request_id": None,
            }

    insert(Activity, rows())
