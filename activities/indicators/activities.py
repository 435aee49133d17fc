"""Figures of activities and programs, each counted in the database by branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from activities import tallies
from activities.models import Activity, Participation, Program
from activities.places import educating_on, place_on
from activities.suggestions import FIVE_ONES, SIX_LEADS
from config.lib.monthends import within_months
from config.lib.periods import Month, period_containing
from config.lib.registry import (
    Figures,
    Indicator,
    IndicatorGroup,
    Rate,
    register_group,
)
from members.models import Affiliation

_MINISTRY = "年度统计表“党组织生活”栏"
_SEED = "街道经验材料《街道党建创新》三、建好示范点"


def _activity_list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "month": month.label})
    return f"{reverse('activities:list')}?{query}&state=held"


def _participation_list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "month": month.label})
    return f"{reverse('activities:participations')}?{query}"


def _active_list(organization_id: int, month: Month) -> str:
    return f"{_participation_list(organization_id, month)}&people=1"


def _by_organizer(organizations: Any, months: Sequence[Month]) -> Sequence[Figures]:
    figures: list[dict[int, dict[str, int]]] = [{} for _ in months]
    rows = (
        within_months(Activity.objects.held(), "held_on", months)
        .filter(organization__in=organizations)
        .order_by()
        .values_list("organization_id", "month_place")
        .annotate(Count("pk"), Sum("people_served"))
    )
    for organization_id, place, held, served in rows:
        figures[place][organization_id] = {
            "activities.held": held,
            "activities.people_served": served,
        }
    return figures


register_group(
    IndicatorGroup(
        key="activities.by_organizer",
        indicators=(
            Indicator(
                "activities.held",
                "开展活动",
                "次",
                "当月已开展（未取消）的活动次数，计入组织活动的党组织。",
                _MINISTRY,
                _activity_list,
            ),
            Indicator(
                "activities.people_served",
                "服务群众",
                "人次",
                "当月已开展活动填写的服务人次之和，计入组织活动的党组织。",
                "党员志愿服务活动记录（服务人次）",
                _activity_list,
            ),
        ),
        compute_months=_by_organizer,
    )
)


def participations_at(
    participations: QuerySet[Participation], organizations: Any, month: Month
) -> QuerySet[Participation]:
    """Counted participations of the month at `organizations`, annotated `place_id`.

    A participation lies at the branch that educated the member on that day.
    """
    near = Affiliation.objects.filter(organization__in=organizations)
    return (
        participations.counted()
        .during(month)
        # Cuts the rows down before the branch is looked up for each.
        .filter(member__in=near.order_by().values("member_id"))
        .annotate(place_id=place_on(OuterRef("activity__held_on")))
        .filter(place_id__in=organizations.order_by().values("pk"))
    )


def active_members(organizations: Any, month: Month) -> QuerySet[Affiliation]:
    """Affiliations at month's end of members who took part in the month, once each."""
    present = Participation.objects.counted().during(month)
    people = Affiliation.objects.filter(
        organization__in=organizations, member__in=present.order_by().values("member")
    )
    return educating_on(people, month.end - timedelta(days=1))


def _by_member(organizations: Any, months: Sequence[Month]) -> Sequence[Figures]:
    figures: list[dict[int, dict[str, int]]] = [defaultdict(dict) for _ in months]
    present = tallies.participations(organizations, months)
    for organization_id, place, times, hours in present:
        own = figures[place][organization_id]
        own["activities.participations"] = times
        # Tenths of an hour; SQLite adds them up as binary fractions.
        own["activities.attendance_minutes"] = round(hours * 60)
    for organization_id, place, active in tallies.active_members(organizations, months):
        figures[place][organization_id]["activities.active_members"] = active
    return figures


register_group(
    IndicatorGroup(
        key="activities.by_member",
        indicators=(
            Indicator(
                "activities.participations",
                "参加活动",
                "人次",
                "当月已开展活动中到会的人次，计入活动当日教育管理该党员的党支部"
                "（协管、流入优先于在册）。",
                _MINISTRY,
                _participation_list,
            ),
            Indicator(
                "activities.attendance_minutes",
                "参加活动时长",
                "分钟",
                "上述到会人次的学时或工时之和，按分钟合计，报表按小时显示。",
                _MINISTRY,
                _participation_list,
            ),
            Indicator(
                "activities.active_members",
                "参加过活动的党员",
                "人",
                "月末在本支部接受教育管理、当月至少到会一次的党员，每人只计一次。",
                _MINISTRY,
                _active_list,
            ),
        ),
        compute_months=_by_member,
    )
)


# Programs -------------------------------------------------------------------------


def program_in_force(line: str, month: Month) -> Program | None:
    """The version of a program that counts at the end of `month`."""
    last_day = month.end - timedelta(days=1)
    return (
        Program.objects.of_line(line).in_force(last_day).order_by("-valid_from").first()
    )


def _completion_of(
    line: str, prefix: str
) -> Callable[[Any, Sequence[Month]], Sequence[Figures]]:
    def compute(organizations: Any, months: Sequence[Month]) -> Sequence[Figures]:
        figures: list[dict[int, dict[str, int]]] = [{} for _ in months]
        versions = list(Program.objects.of_line(line).order_by("-valid_from"))
        for program, start, places in _spans(versions, months):
            span = [months[place] for place in places]
            for row in tallies.progress(program, organizations, span, start):
                organization_id, place, audience, complete, started = row
                figures[places[place]][organization_id] = {
                    f"{prefix}_audience": audience,
                    f"{prefix}_complete": complete,
                    f"{prefix}_started": started,
                }
        return figures

    return compute


def _spans(
    versions: list[Program], months: Sequence[Month]
) -> list[tuple[Program, date, list[int]]]:
    """Places of the months that share a version in force and its period's start."""
    spans: dict[tuple[int, date], tuple[Program, date, list[int]]] = {}
    for place, month in enumerate(months):
        last_day = month.end - timedelta(days=1)
        program = next((each for each in versions if each.is_in_force(last_day)), None)
        if program is not None:
            start = period_containing(program.period, last_day).start
            span = spans.setdefault((program.pk, start), (program, start, []))
            span[2].append(place)
    return list(spans.values())


def _completion_list(line: str) -> Callable[[int, Month], str]:
    def url(organization_id: int, month: Month) -> str:
        query = urlencode(
            {"program": line, "month": month.label, "organization": organization_id}
        )
        return f"{reverse('activities:completion')}?{query}"

    return url


def _register_program(line: str, prefix: str, name: str, people: str) -> None:
    listed = _completion_list(line)
    register_group(
        IndicatorGroup(
            key=prefix,
            indicators=(
                Indicator(
                    f"{prefix}_audience",
                    f"{name}对象",
                    "人",
                    f"月末在本支部接受教育管理、党籍正常的{people}。",
                    _SEED,
                    listed,
                ),
                Indicator(
                    f"{prefix}_complete",
                    f"{name}全部完成",
                    "人",
                    f"{name}对象中，本周期（年）初至月末每一项都达到应完成次数的党员。",
                    _SEED,
                    listed,
                ),
                Indicator(
                    f"{prefix}_started",
                    f"{name}已开始",
                    "人",
                    f"{name}对象中，本周期（年）初至月末至少完成过一次的党员。",
                    _SEED,
                    listed,
                ),
            ),
            compute_months=_completion_of(line, prefix),
            rates=(
                Rate(
                    f"{prefix}_completion_rate",
                    f"{name}完成率",
                    f"{prefix}_complete",
                    f"{prefix}_audience",
                    f"{name}全部完成 ÷ {name}对象。",
                    _SEED,
                ),
                Rate(
                    f"{prefix}_start_rate",
                    f"{name}参与率",
                    f"{prefix}_started",
                    f"{prefix}_audience",
                    f"{name}已开始 ÷ {name}对象。",
                    _SEED,
                ),
            ),
        )
    )


_register_program(FIVE_ONES, "activities.five_ones", "五个一", "流动党员")
_register_program(SIX_LEADS, "activities.six_leads", "六带", "在职党员")
