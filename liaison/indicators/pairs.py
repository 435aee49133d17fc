"""Figures of pair building: pairs by field, their activities, the people served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from activities.models import Activity
from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from liaison.choices.agreements import JointField
from liaison.choices.pairs import PAIR_FIELDS
from liaison.models import Pair, PairActivity

_SEED = "街道经验材料《街道党建创新》：结对共建（经济、文化、治安、环境共建）"


def _list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "group": "all"})
    return f"{reverse('liaison:pair-list')}?{query}"


def _of_field(field: JointField) -> Indicator:
    return Indicator(
        f"liaison.pairs_{field.value}",
        f"结对共建：{field.label}",
        "对",
        f"月末没有结束的对子中，领域为{field.label}的。",
        _SEED,
        _list,
    )


PAIRS = Indicator(
    "liaison.pairs",
    "结对共建",
    "对",
    "月末已结对、没有结束的对子；同一单位在不同领域结的各计一对。",
    _SEED,
    _list,
)
BY_FIELD = {field.value: _of_field(field) for field in PAIR_FIELDS}
HELD = Indicator(
    "liaison.pair_activities",
    "结对共建活动",
    "次",
    "当月开展的、列入对子的活动；列入几个对子的计一次，取消的不计。",
    _SEED,
    _list,
)
SERVED = Indicator(
    "liaison.pair_served",
    "结对共建服务人次",
    "人次",
    "上述活动登记的服务人次之和。",
    _SEED,
    _list,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """One query for pairs, one for activities, which count where they were held."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    _count_pairs(figures, organizations, months)
    of_pairs = PairActivity.objects.filter(activity=OuterRef("pk"))
    held = Activity.objects.held().filter(organization__in=organizations)
    rows = (
        within_months(held.filter(Exists(of_pairs)), "held_on", months)
        .order_by()
        .values_list("organization", "month_place")
        .annotate(number=Count("pk"), served=Sum("people_served"))
    )
    for pk, turn, number, served in rows:
        figures[turn][pk][HELD.key] += number
        figures[turn][pk][SERVED.key] += served
    return figures


def _count_pairs(
    figures: list[Any], organizations: QuerySet, months: Sequence[Month]
) -> None:
    """Few rows: each is counted at the month's ends on which it stands."""
    rows = Pair.objects.filter(
        organization__in=organizations, starts_on__lt=months[-1].end
    ).order_by()
    for pk, field, begin, ended in rows.values_list(
        "organization", "field", "starts_on", "ended_on"
    ):
        for place, month in enumerate(months):
            day = month.end - timedelta(days=1)
            if begin <= day and (ended is None or ended > day):
                figures[place][pk][PAIRS.key] += 1
                figures[place][pk][BY_FIELD[field].key] += 1


register_group(
    IndicatorGroup(
        key="liaison.pairs",
        indicators=(PAIRS, *BY_FIELD.values(), HELD, SERVED),
        compute_months=compute_months,
    )
)
