"""Figures of joint-building agreements: in force, what fell due, what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from liaison.models import Agreement, Obligation, ResourceUse

_SEED = "街道经验材料《街道党建创新》：签订联创共建协议书"


def _list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "group": "all"})
    return f"{reverse('liaison:agreement-list')}?{query}"


AGREEMENTS = Indicator(
    "liaison.agreements",
    "履行中的共建协议",
    "份",
    "月末已签订、已生效、没有到期也没有终止的共建协议。",
    _SEED,
    _list,
)
DUE = Indicator(
    "liaison.obligations_due",
    "共建应办事项",
    "项",
    "期限在当月的协议应办事项；免办的和终止以后到期的不计。",
    _SEED,
    _list,
)
DONE = Indicator(
    "liaison.obligations_done",
    "共建已办事项",
    "项",
    "期限在当月的协议应办事项中，依据已够应办次数的，以后补办的也计。",
    _SEED,
    _list,
)
USES = Indicator(
    "liaison.resource_uses",
    "共建资源使用",
    "次",
    "当月使用协议资源清单上资源的次数，撤回的不计。",
    "街道经验材料《街道党建创新》：人才、资金、智力等方面",
    _list,
)
FULFILLED = Rate(
    "liaison.obligations_rate",
    "共建协议履行率",
    DONE.key,
    DUE.key,
    "共建已办事项 ÷ 共建应办事项。",
    _SEED,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """One query each for agreements, what fell due, what was done, and uses."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    _count_agreements(figures, organizations, months)
    due = Obligation.objects.owed().filter(agreement__organization__in=organizations)
    for indicator, counted, day, place in (
        (DUE, due, "due_on", "agreement__organization"),
        (
            DONE,
            due.met(),
            "due_on",
            "agreement__organization",
        ),
        (
            USES,
            ResourceUse.objects.counted().filter(
                item__agreement__organization__in=organizations
            ),
            "used_on",
            "item__agreement__organization",
        ),
    ):
        numbers = (
            within_months(counted, day, months)
            .order_by()
            .values_list(place, "month_place")
            .annotate(number=Count("pk"))
        )
        for pk, turn, number in numbers:
            figures[turn][pk][indicator.key] += number
    return figures


def _count_agreements(
    figures: list[Any], organizations: QuerySet, months: Sequence[Month]
) -> None:
    """Few rows: each is counted at the month's ends that its days contain."""
    rows = Agreement.objects.filter(
        organization__in=organizations,
        signed_on__isnull=False,
        starts_on__lt=months[-1].end,
        ends_on__gte=months[0].end - timedelta(days=1),
    ).order_by()
    for pk, begin, last, ended in rows.values_list(
        "organization", "starts_on", "ends_on", "ended_on"
    ):
        for place, month in enumerate(months):
            if _holds(begin, last, ended, month.end - timedelta(days=1)):
                figures[place][pk][AGREEMENTS.key] += 1


def _holds(begin: date, last: date, ended: date | None, day: date) -> bool:
    return begin <= day <= last and (ended is None or ended > day)


register_group(
    IndicatorGroup(
        key="liaison.agreements",
        indicators=(AGREEMENTS, DUE, DONE, USES),
        compute_months=compute_months,
        rates=(FULFILLED,),
    )
)
