"""Figures of residents' requests; none of a single person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from activities.choices.requests import RequestState, Satisfaction
from activities.models import ServiceRequest
from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group

_SEED = "街道经验材料：贴心服务工程"


def _figure(name: str, label: str, definition: str) -> Indicator:
    return Indicator(
        f"activities.requests_{name}",
        label,
        "件",
        f"{definition}计入受理党组织，撤回的不计。",
        _SEED,
    )


RECEIVED = _figure("received", "收到服务需求", "当月收到的贴心服务需求和微心愿，")
DONE = _figure("done", "办好服务需求", "当月办好的贴心服务需求和微心愿，")
ON_TIME = _figure("on_time", "按时办好", "上述办好的需求中，不晚于希望办结日期的，")
HEARD = _figure("heard", "回访服务需求", "当月登记了居民评价的需求，")
SATISFIED = _figure("satisfied", "居民满意", "上述回访的需求中，居民满意或基本满意的，")


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Three queries for all months."""
    figures: list[Any] = [defaultdict(dict) for _ in months]
    rows = ServiceRequest.objects.filter(organization__in=organizations).exclude(
        state=RequestState.WITHDRAWN
    )
    on_time = Count("pk", filter=Q(done_on__lte=F("wanted_by")))
    content = Count("pk", filter=Q(satisfaction__in=_CONTENT))
    closed = rows.filter(state=RequestState.CLOSED)
    for found, day, counted in (
        (rows, "received_on", {RECEIVED: Count("pk")}),
        (rows, "done_on", {DONE: Count("pk"), ON_TIME: on_time}),
        (closed, "closed_on", {HEARD: Count("pk"), SATISFIED: content}),
    ):
        names = {f"n{n}": count for n, count in enumerate(counted.values())}
        by_place = (
            within_months(found, day, months)
            .order_by()
            .values_list("organization_id", "month_place")
            .annotate(**names)
        )
        for pk, place, *numbers in by_place:
            for indicator, number in zip(counted, numbers, strict=True):
                figures[place][pk][indicator.key] = number
    return figures


_CONTENT = (Satisfaction.SATISFIED, Satisfaction.MOSTLY)

register_group(
    IndicatorGroup(
        key="activities.requests",
        indicators=(RECEIVED, DONE, ON_TIME, HEARD, SATISFIED),
        compute_months=compute_months,
        rates=(
            Rate(
                "activities.requests_on_time_rate",
                "按时办结率",
                ON_TIME.key,
                DONE.key,
                "按时办好 ÷ 办好服务需求。",
                _SEED,
            ),
            Rate(
                "activities.requests_satisfied_rate",
                "居民满意率",
                SATISFIED.key,
                HEARD.key,
                "居民满意 ÷ 回访服务需求。",
                _SEED,
            ),
        ),
    )
)
