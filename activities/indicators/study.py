"""Figures of study hours and of the Party school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode

from activities import tallies
from activities.models import Activity, Participation
from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import (
    Figures,
    Indicator,
    IndicatorGroup,
    Rate,
    register_group,
)

_SOURCE = "《中国共产党党员教育管理工作条例》：党员每年集中学习培训学时"
_PLACE = "计入月末教育管理该党员的党支部（协管、流入优先于在册）。"
_SEED = "街道经验材料《街道党建创新》：开办业余党校"


def _study_list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id})
    return f"{reverse('activities:study')}?{query}"


def _hours(organizations: Any, months: Sequence[Month]) -> Sequence[Figures]:
    figures: list[dict[int, dict[str, int]]] = [{} for _ in months]
    places = enumerate(months)
    for _, span in groupby(places, key=lambda placed: placed[1].year):
        here = list(span)
        found = tallies.study(organizations, [month for _, month in here])
        for organization_id, turn, people, full, together, alone in found:
            figures[here[turn][0]][organization_id] = {
                "study.members": people,
                "study.full": full,
                # Tenths of an hour; SQLite adds them up as binary fractions.
                "study.together_minutes": round(together * 60),
                "study.alone_minutes": round(alone * 60),
            }
    return figures


register_group(
    IndicatorGroup(
        key="study",
        indicators=(
            Indicator(
                "study.members",
                "应学党员",
                "人",
                f"月末在本支部接受教育管理、党籍正常的党员。{_PLACE}",
                _SOURCE,
                _study_list,
            ),
            Indicator(
                "study.full",
                "学时已满",
                "人",
                "应学党员中，今年一月一日至月末的学时达到全年要求的（党员、书记和班子成员"
                f"各按参数）。{_PLACE}",
                _SOURCE,
                _study_list,
            ),
            Indicator(
                "study.together_minutes",
                "集中学",
                "分钟",
                "应学党员当月参加集中学习、党课、研讨会、经验交流会和党校课程的学时之和，"
                f"一天按参数封顶，报表按学时显示。{_PLACE}",
                _SOURCE,
                _study_list,
            ),
            Indicator(
                "study.alone_minutes",
                "自学",
                "分钟",
                "应学党员当月登记的自学学时之和，撤回的不计，与集中学合计一天按参数封顶。"
                f"{_PLACE}",
                _SOURCE,
                _study_list,
            ),
        ),
        compute_months=_hours,
        rates=(
            Rate(
                "study.full_rate",
                "学满率",
                "study.full",
                "study.members",
                "学时已满 ÷ 应学党员。",
                _SOURCE,
            ),
        ),
    )
)


def _session_list(organization_id: int, month: Month) -> str:
    query = {"organization": organization_id, "month": month.label, "state": "held"}
    return f"{reverse('activities:list')}?{urlencode(query)}"


def _school(organizations: Any, months: Sequence[Month]) -> Sequence[Figures]:
    figures: list[dict[int, dict[str, int]]] = [defaultdict(dict) for _ in months]
    held = Activity.objects.held().filter(
        course__isnull=False, organization__in=organizations
    )
    sessions = within_months(held, "held_on", months).order_by()
    for organization_id, place, number in sessions.values_list(
        "organization_id", "month_place"
    ).annotate(Count("pk")):
        figures[place][organization_id]["school.sessions"] = number
    came = Participation.objects.counted().filter(
        activity__course__isnull=False, activity__organization__in=organizations
    )
    came = within_months(came, "activity__held_on", months).order_by()
    for organization_id, place, number in came.values_list(
        "activity__organization_id", "month_place"
    ).annotate(Count("pk")):
        figures[place][organization_id]["school.attendances"] = number
    return figures


register_group(
    IndicatorGroup(
        key="school",
        indicators=(
            Indicator(
                "school.sessions",
                "党校上课",
                "次",
                "当月已开展（未取消）的党校课程，计入组织上课的党组织。",
                _SEED,
                _session_list,
            ),
            Indicator(
                "school.attendances",
                "党校到课",
                "人次",
                "上述课上到会的人次，计入组织上课的党组织。",
                _SEED,
                _session_list,
            ),
        ),
        compute_months=_school,
    )
)
