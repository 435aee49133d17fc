"""Figures of volunteer teams, all added up from rosters and activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from activities.models import Activity, Participation, TeamPlace, VolunteerTeam
from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.models import Affiliation

_FORM = "年度统计表“建立党员志愿者队伍”栏"
_SEED = "街道经验材料：党员志愿者服务队"


def _team_list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id})
    return f"{reverse('activities:team-list')}?{query}"


TEAMS = Indicator(
    "activities.teams",
    "志愿服务队",
    "支",
    "月末在用的志愿服务队，计入所属党组织。",
    _FORM,
    _team_list,
)
VOLUNTEERS = Indicator(
    "activities.volunteers",
    "服务队队员",
    "人",
    "月末至少在一支服务队的党员，每人只计一次，计入教育管理他的党支部"
    "（协管、流入优先于在册）。",
    _FORM,
)
EVENTS = Indicator(
    "activities.team_events",
    "服务队活动",
    "次",
    "当月已开展、写明服务队的活动次数，计入组织活动的党组织。",
    _SEED,
)
MINUTES = Indicator(
    "activities.team_minutes",
    "服务队活动时长",
    "分钟",
    "上述活动到会党员的工时之和，按分钟合计，报表按小时显示；计入组织活动的党组织。",
    _SEED,
)
SERVED = Indicator(
    "activities.team_served",
    "服务队服务群众",
    "人次",
    "上述活动填写的服务人次之和，计入组织活动的党组织。",
    _SEED,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Three queries for all months, and one for each month's people."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    _standing(figures, organizations, months)
    _events(figures, organizations, months)
    for of_month, month in zip(figures, months, strict=True):
        day = month.end - timedelta(days=1)
        rows = (
            Affiliation.objects.filter(
                organization__in=organizations,
                member__in=TeamPlace.objects.on(day).order_by().values("member"),
            )
            .educating_on(day)
            .order_by()
            .values_list("organization_id")
            .annotate(number=Count("pk"))
        )
        for pk, number in rows:
            of_month[pk][VOLUNTEERS.key] = number
    return figures


def _standing(
    figures: list[Any], organizations: QuerySet, months: Sequence[Month]
) -> None:
    rows: Any = VolunteerTeam.objects.filter(organization__in=organizations).order_by()
    dated = rows.annotate(starts_on=F("founded_on"), ends_on=F("closed_on"))
    found = at_month_ends(dated, months).values_list("organization_id", "came", "gone")
    for pk, came, gone, number in found.annotate(number=Count("pk")):
        for of_month in figures[came:gone]:
            of_month[pk][TEAMS.key] += number


def _events(
    figures: list[Any], organizations: QuerySet, months: Sequence[Month]
) -> None:
    held = Activity.objects.held().filter(
        organization__in=organizations, team__isnull=False
    )
    rows = (
        within_months(held, "held_on", months)
        .order_by()
        .values_list("organization_id", "month_place")
        .annotate(Count("pk"), Sum("people_served"))
    )
    for pk, place, events, served in rows:
        figures[place][pk][EVENTS.key] = events
        figures[place][pk][SERVED.key] = served
    came = Participation.objects.counted().filter(
        activity__organization__in=organizations, activity__team__isnull=False
    )
    parts = (
        within_months(came, "activity__held_on", months)
        .order_by()
        .values_list("activity__organization_id", "month_place")
        .annotate(Sum("hours"))
    )
    for pk, place, hours in parts:
        # Tenths of an hour; SQLite adds them up as binary fractions.
        figures[place][pk][MINUTES.key] = round(hours * 60)


register_group(
    IndicatorGroup(
        key="activities.teams",
        indicators=(TEAMS, VOLUNTEERS, EVENTS, MINUTES, SERVED),
        compute_months=compute_months,
    )
)
