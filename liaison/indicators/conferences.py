"""Figures of joint conferences: meetings held, decisions open, overdue, closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from liaison.models import ConferenceDecision, ConferenceMeeting

_SOURCE = "党建联席会议制度通行做法：定期开会，议定事项明确责任单位和时限，跟踪到办结"


def _meetings(organization_id: int, month: Month) -> str:
    return reverse("liaison:conference-list")


def _decisions(organization_id: int, month: Month) -> str:
    return f"{reverse('liaison:decision-list')}?group=all"


MEETINGS = Indicator(
    "liaison.conference_meetings",
    "召开党建联席会议",
    "次",
    "开会日期在当月、已登记到会情况的联席会议。",
    _SOURCE,
    _meetings,
)
OPEN = Indicator(
    "liaison.decisions_open",
    "未办结的议定事项",
    "项",
    "月末以前的会议议定、月末还没有办结的事项。",
    _SOURCE,
    _decisions,
)
OVERDUE = Indicator(
    "liaison.decisions_overdue",
    "逾期的议定事项",
    "项",
    "未办结的议定事项中，办理期限不晚于月末的。",
    _SOURCE,
    _decisions,
)
CLOSED = Indicator(
    "liaison.decisions_closed",
    "办结的议定事项",
    "项",
    "办结日期在当月的议定事项。",
    _SOURCE,
    _decisions,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """One query for meetings, one for decisions: few rows a conference."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    held = ConferenceMeeting.objects.filter(
        held_at__isnull=False, conference__organization__in=organizations
    )
    numbers = (
        within_months(held, "meets_on", months)
        .order_by()
        .values_list("conference__organization", "month_place")
        .annotate(number=Count("pk"))
    )
    for pk, turn, number in numbers:
        figures[turn][pk][MEETINGS.key] += number
    rows = ConferenceDecision.objects.filter(
        meeting__conference__organization__in=organizations,
        meeting__meets_on__lt=months[-1].end,
    )
    for pk, since, due, closed in rows.order_by().values_list(
        "meeting__conference__organization",
        "meeting__meets_on",
        "due_on",
        "closed_on",
    ):
        for place, month in enumerate(months):
            if closed is not None and month.start <= closed < month.end:
                figures[place][pk][CLOSED.key] += 1
            if since < month.end and (closed is None or closed >= month.end):
                figures[place][pk][OPEN.key] += 1
                figures[place][pk][OVERDUE.key] += due < month.end
    return figures


register_group(
    IndicatorGroup(
        key="liaison.conferences",
        indicators=(MEETINGS, OPEN, OVERDUE, CLOSED),
        compute_months=compute_months,
    )
)
