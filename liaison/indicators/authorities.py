"""Figures of two-way contact: of a street, of nothing below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from liaison.choices.authorities import Direction
from liaison.models import Authority, Exchange

_SEED = "街道经验材料《街道党建创新》：双向联系制度；只在街道计数"


def _list(organization_id: int, month: Month) -> str:
    return f"{reverse('liaison:exchange-list')}?group=all"


def _figure(name: str, label: str, unit: str, definition: str) -> Indicator:
    return Indicator(
        f"liaison.{name}", label, unit, definition, _SEED, _list, street_only=True
    )


AUTHORITIES = _figure(
    "authorities", "双向联系部门", "个", "月末在联系的登记机关和主管部门。"
)
SENT = _figure("exchanges_sent", "双向联系发出", "件", "当月发出的往来，撤回的不计。")
RECEIVED = _figure(
    "exchanges_received", "双向联系收到", "件", "当月收到的往来，撤回的不计。"
)
ANSWERED = _figure(
    "exchanges_answered", "双向联系答复", "件", "当月登记答复的往来，撤回的不计。"
)
LATE = _figure(
    "answers_late",
    "双向联系逾期未答复",
    "件",
    "月末期限已过、月末以前没有答复的往来，撤回的不计。",
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """One query for authorities, three for exchanges."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    _count_authorities(figures, organizations, months)
    mine = Exchange.objects.standing().filter(authority__organization__in=organizations)
    rows = (
        within_months(mine, "held_on", months)
        .order_by()
        .values_list("authority__organization", "month_place", "direction")
        .annotate(number=Count("pk"))
    )
    for pk, turn, direction, number in rows:
        key = (SENT if direction == Direction.SENT else RECEIVED).key
        figures[turn][pk][key] += number
    answered = (
        within_months(mine, "answered_on", months)
        .order_by()
        .values_list("authority__organization", "month_place")
        .annotate(number=Count("pk"))
    )
    for pk, turn, number in answered:
        figures[turn][pk][ANSWERED.key] += number
    _count_late(figures, mine, months)
    return figures


def _count_authorities(
    figures: list[Any], organizations: QuerySet, months: Sequence[Month]
) -> None:
    rows = Authority.objects.filter(
        organization__in=organizations, since__lt=months[-1].end
    ).order_by()
    for pk, begin, ended in rows.values_list("organization", "since", "retired_on"):
        for place, month in enumerate(months):
            day = month.end - timedelta(days=1)
            if begin <= day and (ended is None or ended > day):
                figures[place][pk][AUTHORITIES.key] += 1


def _count_late(figures: list[Any], mine: QuerySet, months: Sequence[Month]) -> None:
    """Few rows ask for an answer: each is counted at the month's ends it was late."""
    rows = mine.filter(due_on__lt=months[-1].end).order_by()
    for pk, due_on, answered_on in rows.values_list(
        "authority__organization", "due_on", "answered_on"
    ):
        for place, month in enumerate(months):
            day = month.end - timedelta(days=1)
            if due_on < day and (answered_on is None or answered_on > day):
                figures[place][pk][LATE.key] += 1


register_group(
    IndicatorGroup(
        key="liaison.authorities",
        indicators=(AUTHORITIES, SENT, RECEIVED, ANSWERED, LATE),
        compute_months=compute_months,
    )
)
