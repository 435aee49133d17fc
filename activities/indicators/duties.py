"""Figures of Party life: how many were due in the month, and how many were held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse

from activities.choices import ActivityKind
from activities.duties import STANDING, due_within, with_duties
from config.lib.periods import Month
from config.lib.registry import (
    Figures,
    Indicator,
    IndicatorGroup,
    Rate,
    register_group,
)
from organizations.querysets import OrganizationQuerySet

_SOURCE = "《中国共产党支部工作条例（试行）》；次数以参数设置为准"
_PLAN_SOURCE = "街道、社区的工作计划"
PLAN = "activities.plan_{}"
KINDS = tuple(each.kind for each in STANDING)


def _board(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "month": month.label})
    return f"{reverse('activities:duties')}?{query}"


def duty_figures(
    organizations: OrganizationQuerySet, months: Sequence[Month]
) -> Sequence[Figures]:
    """Of duties whose last day lies in the month; more than owed counts as owed."""
    figures: list[dict[int, dict[str, int]]] = [
        defaultdict(lambda: defaultdict(int)) for _ in months
    ]
    last = months[-1].end - timedelta(days=1)
    places = {month: place for place, month in enumerate(months)}
    duties = [
        duty
        for duty in due_within(months[0].start, last)
        if Month.containing(duty.due_on) in places
    ]
    if not duties:
        return figures
    numbers = range(len(duties))
    columns = ["pk", *(f"{w}_{n}" for n in numbers for w in ("owes", "held"))]
    branches = organizations.branches().order_by()
    for row in with_duties(branches, duties).values(*columns):
        for n, duty in enumerate(duties):
            if not row[f"owes_{n}"]:
                continue
            name = PLAN if duty.line_id else _key(duty.kind, "{}")
            own = figures[places[Month.containing(duty.due_on)]][row["pk"]]
            own[name.format("owed")] += duty.times
            own[name.format("held")] += min(row[f"held_{n}"], duty.times)
    return figures


def _key(kind: str, part: str) -> str:
    return f"activities.duty_{kind}_{part}"


def _pair(key: str, name: str, definition: str, source: str) -> tuple[Indicator, ...]:
    return (
        Indicator(
            key.format("owed"),
            f"{name}应开展",
            "次",
            f"{definition}应开展的次数，各支部之和；每支部按规定次数计。",
            source,
            _board,
        ),
        Indicator(
            key.format("held"),
            f"{name}已开展",
            "次",
            f"{definition}在期限内已开展的次数，每支部最多计到应开展的次数。",
            source,
            _board,
        ),
    )


def _rate(key: str, name: str, source: str) -> Rate:
    return Rate(
        key.format("rate"),
        f"{name}开展率",
        key.format("held"),
        key.format("owed"),
        f"{name}已开展 ÷ 应开展。",
        source,
    )


_NAMED = [
    (_key(kind, "{}"), ActivityKind(kind).label, _SOURCE, "期限在当月截止的")
    for kind in KINDS
] + [(PLAN, "计划事项", _PLAN_SOURCE, "截止日期在当月的计划事项")]

register_group(
    IndicatorGroup(
        key="activities.duties",
        indicators=tuple(
            indicator
            for key, name, source, begin in _NAMED
            for indicator in _pair(
                key,
                name,
                begin if name == "计划事项" else f"{begin}{name}",
                source,
            )
        ),
        compute_months=duty_figures,
        rates=tuple(_rate(key, name, source) for key, name, source, _ in _NAMED),
    )
)
