"""Figures of projects of community services at each month's end.

Services opened, posts created and persons led in a month are counted with the deeds
they earn (`members.indicators.employment`), and only there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from activities.models import Placement, ServicePost, ServiceProject
from config.lib.monthends import at_month_ends
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group

_SEED = "街道经验材料《街道党建创新》：“双带”活动、开发社区服务产业"
_PLACE = "撤回的不计，计入登记的党支部。"


def _project_list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id})
    return f"{reverse('activities:project-list')}?{query}"


PROJECTS = Indicator(
    "activities.projects",
    "在办服务项目",
    "个",
    f"月末在办的社区服务项目。{_PLACE}",
    _SEED,
    _project_list,
)
PLACES = Indicator(
    "activities.project_places",
    "服务项目岗位",
    "个",
    f"月末没有撤销的岗位数之和。{_PLACE}",
    _SEED,
    _project_list,
)
FILLED = Indicator(
    "activities.project_filled",
    "服务项目在岗",
    "人",
    f"月末在这些岗位上的人，党员和居民合计。{_PLACE}",
    _SEED,
    _project_list,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """One query each for projects, places and people, for all months."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    # `starts_on`, `ends_on` and the branch, by what the rows call them.
    for indicator, model, branch, since, until, number in (
        (PROJECTS, ServiceProject, "organization", "opened_on", "closed_on", Count),
        (PLACES, ServicePost, "project__organization", "created_on", "ended_on", Sum),
        (FILLED, Placement, "post__project__organization", None, None, Count),
    ):
        rows: Any = model.objects.counted().filter(**{f"{branch}__in": organizations})
        if since is not None:
            rows = rows.annotate(starts_on=F(since), ends_on=F(until))
        weight = number("places" if number is Sum else "pk")
        found = (
            at_month_ends(rows.order_by(), months)
            .values_list(branch, "came", "gone")
            .annotate(number=weight)
        )
        for pk, came, gone, counted in found:
            for of_month in figures[came:gone]:
                of_month[pk][indicator.key] += counted
    return figures


register_group(
    IndicatorGroup(
        key="activities.projects",
        indicators=(PROJECTS, PLACES, FILLED),
        compute_months=compute_months,
    )
)
