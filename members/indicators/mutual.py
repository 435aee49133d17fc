"""Figures of mutual aid: what was given, where; what helped, at the street alone.

Of a community's account one would be a person to whoever knows the community, so
payments are counted like hardship: at the street and nowhere below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, QuerySet, Sum

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices.mutual import GiftForm
from members.models import AidPayment, Donation

_GIVEN = "街道经验材料《街道党建创新》：社区居民捐款捐物、党员互助"
_HELPED = "困难党员、困难群众帮扶通行办法；只在街道计数，不分社区、支部"


def _given(name: str, label: str, unit: str, definition: str) -> Indicator:
    return Indicator(f"members.mutual_{name}", label, unit, definition, _GIVEN)


def _helped(name: str, label: str, unit: str, definition: str) -> Indicator:
    return Indicator(
        f"members.mutual_{name}", label, unit, definition, _HELPED, street_only=True
    )


GIFTS = _given(
    "gifts",
    "捐赠",
    "次",
    "当月党员、居民、单位和匿名的捐赠；财政、党费拨入和原有结存、撤回的不计。",
)
MONEY = _given("money", "捐款", "分", "上述捐赠中的钱款。")
GOODS = _given("goods", "捐物折价", "分", "上述捐赠中的物品，按登记的折价。")
PAID = _helped(
    "paid",
    "互助支出",
    "分",
    "支出日期在当月、已经确认的互助金支出，含发放物品的折价；划转的不计。",
)
HELPED = _helped("helped", "受助", "人（户）次", "上述支出的笔数，党员和居民家庭合计。")
_OF_FORM = {GiftForm.MONEY: MONEY, GiftForm.GOODS: GOODS}


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month in two queries."""
    figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    gifts = Donation.objects.standing().by_donors().order_by()
    gifts = gifts.filter(fund__organization__in=organizations)
    rows = within_months(gifts, "donated_on", months)
    counted = rows.values_list("fund__organization", "month_place", "form")
    for pk, place, form, number, total in counted.annotate(
        number=Count("pk"), total=Sum("amount")
    ):
        figures[place][pk][GIFTS.key] += number
        figures[place][pk][_OF_FORM[form].key] += _fen(total)
    payments = AidPayment.objects.paid().helping().order_by()
    payments = payments.filter(fund__street__in=organizations)
    rows = within_months(payments, "paid_on", months)
    counted = rows.values_list("fund__street", "month_place")
    for pk, place, number, total in counted.annotate(
        number=Count("pk"), total=Sum("amount")
    ):
        figures[place][pk][HELPED.key] += number
        figures[place][pk][PAID.key] += _fen(total)
    return figures


def _fen(money: Decimal) -> int:
    # SQLite adds in floating point.
    return round(money * 100)


register_group(
    IndicatorGroup(
        key="members.mutual",
        indicators=(GIFTS, MONEY, GOODS, PAID, HELPED),
        compute_months=compute_months,
    )
)
