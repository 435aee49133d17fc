"""The demo's plans, and what the branches have arranged for the weeks to come."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from simple_history.utils import bulk_create_with_history

from activities.choices import ActivityKind, ActivityState
from activities.choices.plans import Repeat
from activities.models import Activity, Plan, PlanLine
from activities.suggestions import KIND_DEFAULTS, title_for
from config.lib.dates import SHANGHAI
from config.lib.periods import Month
from organizations.models import User
from reports.demo.street import Street

# Kind, subject, months after the first day of the year (first, due), repeat, note.
_YEAR = (
    ("volunteering", "清洁家园行动", 2, Repeat.QUARTERLY, "党员带头，居民参加"),
    ("study", "政策理论集中学习", 0, Repeat.MONTHLY, "每月一个专题"),
    ("visit", "走访困难党员和群众", 11, Repeat.ONCE, "年底以前走访一遍"),
)
_COMING = (
    ("theme_day", "社区活动室", 15),
    ("committee_meeting", "党群服务中心", 9),
    ("lecture", "社区活动室", 16),
    ("members_meeting", "社区会议室", 14),
)


def make_plans(street: Street, today: date) -> None:
    """A plan of the street's year, one of a community's month, and dates to come."""
    staff = User.objects.get(username="street")
    plan = Plan.objects.create(
        organization=street.root,
        year=today.year,
        title=f"{today.year}年党建工作计划",
        note="各支部按月落实，开展后及时记录。",
        created_by=staff,
    )
    PlanLine.objects.bulk_create(
        PlanLine(
            plan=plan,
            kind=kind,
            subject=subject,
            starts_on=Month(today.year, month + 1).start,
            due_on=Month(today.year, month + 1).end - timedelta(days=1),
            repeat=repeat,
            note=note,
            sort_order=place,
        )
        for place, (kind, subject, month, repeat, note) in enumerate(_YEAR, start=1)
    )
    _make_month(street, staff, today)
    _arrange(street, today)


def _make_month(street: Street, staff: User, today: date) -> None:
    month = Month.containing(today)
    community = street.branches[0].parent
    assert community is not None
    plan = Plan.objects.create(
        organization=community,
        year=month.year,
        month=month.month,
        title=f"{month.title}社区重点工作",
        created_by=staff,
    )
    PlanLine.objects.create(
        plan=plan,
        kind=ActivityKind.CULTURE,
        subject="邻里文化活动",
        starts_on=month.start,
        due_on=month.end - timedelta(days=1),
        sort_order=1,
    )


def _arrange(street: Street, today: date) -> None:
    """Two branches of a community meet in one room on one afternoon: it is seen."""
    writer = User.objects.get(username="branch")
    activities = []
    for number, branch in enumerate(street.branches):
        kind, place, hour = _COMING[number % len(_COMING)]
        # The first two want the same room at the same time.
        ahead = 4 if number < 2 else 3 + number % 17
        kind, place, hour = _COMING[0] if number < 2 else (kind, place, hour)
        day = today + timedelta(days=ahead)
        activities.append(
            Activity(
                organization=branch,
                kind=kind,
                title=title_for(kind, Month.containing(day)),
                starts_at=datetime.combine(day, time(hour), tzinfo=SHANGHAI),
                held_on=day,
                hours=Decimal(KIND_DEFAULTS[kind].hours),
                place=place,
                state=ActivityState.PLANNED,
                recorded_by=writer,
            )
        )
    bulk_create_with_history(activities, Activity)
