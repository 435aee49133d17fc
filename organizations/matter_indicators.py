"""Figures of delegated matters: carried, admitted, refused, ended, money that came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from organizations.matter_choices import MatterState
from organizations.models import DelegatedMatter, DelegationStep, MatterArrival

_SEED = "街道经验材料《街道党建创新》：权随责走、费随事转"


def _list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "group": "all"})
    return f"{reverse('organizations:matter-list')}?{query}"


def _carried_list(organization_id: int, month: Month) -> str:
    last = month.end - timedelta(days=1)
    query = urlencode({"organization": organization_id, "day": last.isoformat()})
    return f"{reverse('organizations:matter-list')}?{query}"


CARRIED = Indicator(
    "organizations.matters_carried",
    "承担的准入事项",
    "件",
    "月末已准入、已开始、没有退出的准入事项。",
    _SEED,
    _carried_list,
)
BY_STEP = {
    step: Indicator(
        f"organizations.matters_{step}",
        f"准入事项：{MatterState(step).label}",
        "件",
        f"当月{MatterState(step).label}的事项，退回的不计。",
        _SEED,
        _list,
    )
    for step in (MatterState.ADMITTED, MatterState.REFUSED, MatterState.ENDED)
}
ARRIVED = Indicator(
    "organizations.matters_arrived",
    "准入事项到账经费",
    "分",
    "当月到账的准入事项经费，撤回的不计。",
    _SEED,
    _list,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Three queries: matters, steps, money, at the community that carries them."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    matters = DelegatedMatter.objects.filter(
        organization__in=organizations, admitted_on__isnull=False
    )
    for pk, admitted, begin, ended in matters.order_by().values_list(
        "organization", "admitted_on", "starts_on", "ended_on"
    ):
        for place, month in enumerate(months):
            day = month.end - timedelta(days=1)
            if max(admitted, begin) <= day and (ended is None or ended > day):
                figures[place][pk][CARRIED.key] += 1
    inside: dict[str, Any] = {"matter__organization__in": organizations}
    steps = DelegationStep.objects.standing().filter(step__in=BY_STEP, **inside)
    for pk, turn, step, number in (
        within_months(steps, "done_on", months)
        .order_by()
        .values_list("matter__organization", "month_place", "step")
        .annotate(Count("pk"))
    ):
        figures[turn][pk][BY_STEP[step].key] += number
    arrivals = MatterArrival.objects.standing().filter(**inside)
    for pk, turn, total in (
        within_months(arrivals, "received_on", months)
        .order_by()
        .values_list("matter__organization", "month_place")
        .annotate(Sum("amount"))
    ):
        # SQLite adds in floating point.
        figures[turn][pk][ARRIVED.key] += round(total * 100)
    return figures


register_group(
    IndicatorGroup(
        key="organizations.matters",
        indicators=(CARRIED, *BY_STEP.values(), ARRIVED),
        compute_months=compute_months,
    )
)
