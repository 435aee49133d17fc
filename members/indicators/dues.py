"""Figures of dues, in fen, and of commendations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from members.choices import AffiliationKind, MembershipStatus
from members.models import Affiliation, Commendation, DuesMonth
from members.rules.dues import REGULATION, months_between

BEHIND = 3  # months, of the figure; the warning's are a parameter


def _figure(
    name: str, label: str, unit: str, definition: str, source: str = REGULATION
) -> Indicator:
    return Indicator(f"members.{name}", label, unit, definition, source)


ASKED = _figure(
    "dues_asked", "应交党费", "人", "月末在册的党员，停止党籍的不计。", REGULATION
)
DUE = _figure(
    "dues_due",
    "应交金额",
    "分",
    "上述党员中已经核定的，按当月核定的每月应交之和；未核定的不计。",
)
PAYERS = _figure(
    "dues_payers", "已交党费", "人", "当月党费已经登记交纳的党员，计入收缴的党支部。"
)
PAID = _figure(
    "dues_paid", "实交金额", "分", "当月党费登记的实交之和，计入收缴的党支部。"
)
IN_ARREARS = _figure(
    "dues_behind",
    f"欠交{BEHIND}个月以上",
    "人",
    f"月末在册、按现在的台账当月末已欠交{BEHIND}个月以上的党员；还没有登记过的不计。",
    f"{REGULATION}第十三条",
)
COMMENDED = _figure(
    "commended",
    "受表彰",
    "人次",
    "当月受到表彰并已登记的党员，计入登记的党支部。",
    "党内表彰惯例",
)

_Figures = list[dict[int, dict[str, int]]]


def _fen(money: Decimal | None) -> int:
    return int((money or Decimal(0)) * 100)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Who is asked and who paid, what was due and what came, in three queries."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    rolls = (
        Affiliation.objects.filter(
            organization__in=organizations, kind=AffiliationKind.ON_ROLL
        )
        .exclude(member__status=MembershipStatus.SUSPENDED)
        .order_by()
    )
    _asked(figures, at_month_ends(rolls, months), months)
    _due(figures, at_month_ends(rolls, months), months)
    paid = DuesMonth.objects.counted().filter(organization__in=organizations)
    rows = within_months(paid.order_by(), "month", months).values_list(
        "organization_id", "month_place"
    )
    for pk, place, number, total in rows.annotate(n=Count("pk"), total=Sum("paid")):
        figures[place][pk][PAYERS.key] += number
        figures[place][pk][PAID.key] += _fen(total)
    return figures


def _asked(figures: _Figures, rolls: QuerySet, months: Sequence[Month]) -> None:
    rows = rolls.values_list(
        "organization_id", "came", "gone", "member__dues_standing__paid_to"
    )
    for pk, came, gone, paid_to, number in rows.annotate(n=Count("pk")):
        for place in range(came, gone):
            figures[place][pk][ASKED.key] += number
            if paid_to and months_between(paid_to, months[place].start) >= BEHIND:
                figures[place][pk][IN_ARREARS.key] += number


def _due(figures: _Figures, rolls: QuerySet, months: Sequence[Month]) -> None:
    base = "member__dues_bases"
    counted: dict[str, Any] = {
        f"{base}__isnull": False,
        f"{base}__withdrawn_at__isnull": True,
    }
    rows = rolls.filter(**counted).values_list(
        *("organization_id", "came", "gone", f"{base}__starts_on", f"{base}__ends_on")
    )
    for pk, came, gone, start, end, total in rows.annotate(n=Sum(f"{base}__monthly")):
        for place in range(came, gone):
            if _holds(start, end, months[place].start):
                figures[place][pk][DUE.key] += _fen(total)


def _holds(start: date, end: date | None, month: date) -> bool:
    return start <= month and (end is None or end > month)


def commended_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    rows = Commendation.objects.counted().filter(organization__in=organizations)
    found = within_months(rows.order_by(), "awarded_on", months).values_list(
        "organization_id", "month_place"
    )
    for pk, place, number in found.annotate(n=Count("pk")):
        figures[place][pk][COMMENDED.key] += number
    return figures


register_group(
    IndicatorGroup(
        key="dues",
        indicators=(ASKED, DUE, PAYERS, PAID, IN_ARREARS),
        compute_months=compute_months,
        rates=(
            Rate(
                "members.dues_rate",
                "党费交纳率",
                PAYERS.key,
                ASKED.key,
                "已交党费的人数占应交人数的比例。",
                REGULATION,
            ),
        ),
    )
)
register_group(
    IndicatorGroup(
        key="commendations",
        indicators=(COMMENDED,),
        compute_months=commended_months,
    )
)
