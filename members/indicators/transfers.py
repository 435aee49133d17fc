"""Figures of relations on their way: letters issued, still on the way, receipts open.

A transfer counts at the branch that sees it through: the one it leaves, or the one
that took the person by a letter from outside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, QuerySet

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices import TransferDirection
from members.models import Transfer

_LETTER = "《中国共产党党员组织关系介绍信》填写说明"
_DUTY = "《中国共产党党员教育管理工作条例》第二十五条"


def _figure(name: str, label: str, unit: str, definition: str, source: str):
    return Indicator(f"members.{name}", label, unit, definition, source)


ISSUED = _figure(
    "letters_issued",
    "开具介绍信",
    "封",
    "当月编号开具的组织关系介绍信，补开的另计一封，撤回的也计。",
    _LETTER,
)
UNDER_WAY = _figure(
    "transfers_under_way",
    "月末在途",
    "件",
    "月末已开具介绍信或已送街道内支部、对方还没有接收的转接，由原支部负责。",
    f"{_DUTY}：接收之前由原党组织负责",
)
RECEIPTS_OPEN = _figure(
    "receipts_open",
    "回执未回",
    "份",
    "月末对方已接收、回执还没有寄回的介绍信。",
    f"{_LETTER}：一个月内寄回",
)
RECEIVED = _figure(
    "letters_received",
    "凭信转入",
    "人",
    "当月凭街道以外的介绍信接收、编入支部的党员，登记有误撤销的不计。",
    "党员管理六种基本台账：年度转入",
)
REPLIES_OWED = _figure(
    "replies_owed",
    "回执未寄",
    "份",
    "月末已凭介绍信接收、回执还没有寄出的。",
    f"{_LETTER}：一个月内寄回",
)

_Figures = list[dict[int, dict[str, int]]]


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month in five queries."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    leaving = Transfer.objects.filter(source__in=organizations).order_by()
    coming = (
        Transfer.objects.filter(
            target__in=organizations, direction=TransferDirection.IN
        )
        .exclude(state=Transfer.State.WITHDRAWN)
        .order_by()
    )
    letters = leaving.filter(serial__isnull=False)
    _within(figures, letters, "issued_on", "source", ISSUED, months)
    sent = leaving.filter(issued_on__isnull=False)
    _lasting(figures, sent, "issued_on", "ended_on", "source", UNDER_WAY, months)
    accepted = letters.filter(accepted_on__isnull=False)
    _lasting(
        figures, accepted, "accepted_on", "receipt_on", "source", RECEIPTS_OPEN, months
    )
    _within(figures, coming, "accepted_on", "target", RECEIVED, months)
    _lasting(
        figures, coming, "accepted_on", "receipt_on", "target", REPLIES_OWED, months
    )
    return figures


def _within(
    figures: _Figures,
    rows: QuerySet,
    day: str,
    place: str,
    indicator: Indicator,
    months: Sequence[Month],
) -> None:
    """Count the rows whose `day` lies in each of the months."""
    found = within_months(rows, day, months).values_list(f"{place}_id", "month_place")
    for pk, number, count in found.annotate(number=Count("pk")):
        figures[number][pk][indicator.key] += count


def _lasting(
    figures: _Figures,
    rows: QuerySet,
    begun: str,
    ended: str,
    place: str,
    indicator: Indicator,
    months: Sequence[Month],
) -> None:
    """Count the rows that at each month's end had begun and not ended."""
    dated: Any = rows.annotate(starts_on=F(begun), ends_on=F(ended))
    found = at_month_ends(dated, months).values_list(f"{place}_id", "came", "gone")
    for pk, came, gone, count in found.annotate(number=Count("pk")):
        for of_month in figures[came:gone]:
            of_month[pk][indicator.key] += count


register_group(
    IndicatorGroup(
        key="transfers",
        indicators=(ISSUED, UNDER_WAY, RECEIPTS_OPEN, RECEIVED, REPLIES_OWED),
        compute_months=compute_months,
    )
)
