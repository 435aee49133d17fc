"""Figures of funds, in fen: budgeted, allotted by source, paid, in the year so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from organizations.fund_choices import FundSource, ReceiptKind
from organizations.models import FundLine, FundPayment, FundReceipt

_SEED = "街道经验材料《街道党建创新》：保证经费投入，财政投入为主"


def _list(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "year": month.start.year})
    return f"{reverse('organizations:fund-list')}?{query}"


def _figure(key: str, name: str, definition: str) -> Indicator:
    return Indicator(f"organizations.{key}", name, "分", definition, _SEED, _list)


BUDGETED = _figure("fund_budgeted", "经费预算", "当年各条经费预算之和。")
ALLOTTED = _figure(
    "fund_allotted",
    "经费拨付",
    "当年到月末拨付到账的经费，含上年结转，减去收回上缴；撤回的不计。",
)
BY_SOURCE = {
    source.value: _figure(
        f"fund_allotted_{source.value}",
        f"经费拨付：{source.label}",
        f"上述拨付中来源为{source.label}的。",
    )
    for source in FundSource
}
PAID = _figure("fund_paid", "经费支出", "当年到月末付出、已经确认的付款；撤回的不计。")

_Figures = list[dict[int, dict[str, int]]]


def _fen(money: Decimal | None) -> int:
    # SQLite adds in floating point.
    return round((money or Decimal(0)) * 100)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Three queries, by day; a month counts the days of its year up to its end."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    years = {month.start.year for month in months}
    lines = FundLine.objects.filter(
        fund_year__organization__in=organizations, fund_year__year__in=years
    )
    for pk, year, total in (
        lines.order_by()
        .values_list("fund_year__organization", "fund_year__year")
        .annotate(total=Sum("budget"))
    ):
        for place, month in enumerate(months):
            if month.start.year == year:
                figures[place][pk][BUDGETED.key] += _fen(total)
    inside: dict[str, Any] = {
        "line__fund_year__organization__in": organizations,
        "line__fund_year__year__in": years,
    }
    receipts = FundReceipt.objects.standing().filter(**inside)
    for pk, day, source, total in _by_day(
        receipts.exclude(kind=ReceiptKind.CARRIED_OUT), "received_on", "line__source"
    ):
        _add(figures, months, pk, day, ALLOTTED.key, total)
        _add(figures, months, pk, day, BY_SOURCE[source].key, total)
    for pk, day, _, total in _by_day(
        FundPayment.objects.paid().filter(**inside), "paid_on", "line__source"
    ):
        _add(figures, months, pk, day, PAID.key, total)
    return figures


def _by_day(rows: Any, day: str, source: str) -> Any:
    place = "line__fund_year__organization"
    return rows.order_by().values_list(place, day, source).annotate(n=Sum("amount"))


def _add(
    figures: _Figures, months: Sequence[Month], pk: int, day: Any, key: str, total: Any
) -> None:
    for place, month in enumerate(months):
        if month.start.year == day.year and day < month.end:
            figures[place][pk][key] += _fen(total)


register_group(
    IndicatorGroup(
        key="organizations.funds",
        indicators=(BUDGETED, ALLOTTED, *BY_SOURCE.values(), PAID),
        compute_months=compute_months,
    )
)
