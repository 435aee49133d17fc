"""Figures of members who live or work away, at the end of each month.

Whoever is out counts at the branch of the roll, whoever came at the branch or
committee that has him; a move within the street counts at both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from config.lib.monthends import at_month_ends
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices.mobile import MobileDirection
from members.contact_sources import contacted_since
from members.divisions import UNKNOWN
from members.models import MobileStay
from members.parameters.mobile import HOME_PROVINCE, SILENT_THIRD
from organizations import parameters

_TABLE = "党内统计：流动党员情况统计表"


def _figure(name: str, label: str, definition: str, source: str = _TABLE) -> Indicator:
    return Indicator(f"members.mobile_{name}", label, "人", definition, source)


OUT_FAR = _figure(
    "out_far", "流出省外", "月末仍在省外、国（境）外的流出党员，计在原党支部。"
)
OUT_NEAR = _figure(
    "out_near", "流出省内", "月末仍在本省内的流出党员，含街道内流动的，计在原党支部。"
)
OUT_UNKNOWN = _figure(
    "out_unknown", "流向不明", "月末登记为不掌握流向的流出党员，计在原党支部。"
)
OUT_CARD = _figure("out_card", "流出持证", "上述流出党员中持有流动党员活动证的。")
IN_FAR = _figure("in_far", "省外流入", "月末编在支部的省外流入党员，计在接收的党支部。")
IN_NEAR = _figure(
    "in_near",
    "省内流入",
    "月末编在支部的省内流入党员，含街道内流动和来处不明的，计在接收的党支部。",
)
IN_CARD = _figure("in_card", "流入持证", "上述流入党员中持有流动党员活动证的。")
UNPLACED = _figure(
    "unplaced",
    "待编入",
    "月末已核实党员身份、还没有编入党支部的流入党员。",
    "街道经验材料：先核实党员身份，再编入党的一个基层组织",
)
SILENT = _figure(
    "silent",
    "久未联系",
    "到月末已有90天（可设）没有联系的流动党员；街道的党员计在原党支部，外来的计在接收党组织。"
    "当月按到月末仍未联系计。",
    "《中国共产党党员教育管理工作条例》“流动党员管理”：保持经常联系",
)

_Figures = list[dict[int, dict[str, int]]]


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month: five queries, and one a month for the silence."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    out = _rows("home", organizations).annotate(starts_on=F("started_on"))
    near, far = _near(), ~_near()
    known = out.exclude(division=UNKNOWN)
    _lasting(figures, known.filter(near), "home", OUT_NEAR, months)
    _lasting(figures, known.filter(far), "home", OUT_FAR, months)
    _lasting(figures, out.filter(division=UNKNOWN), "home", OUT_UNKNOWN, months)
    _lasting(figures, _with_card(out, "started_on"), "home", OUT_CARD, months)
    placed = _rows("host", organizations).filter(placed_on__isnull=False)
    came = placed.annotate(starts_on=F("placed_on"))
    unknown = Q(division=UNKNOWN)
    _lasting(figures, came.filter(near | unknown), "host", IN_NEAR, months)
    _lasting(figures, came.filter(far & ~unknown), "host", IN_FAR, months)
    _lasting(figures, _with_card(placed, "placed_on"), "host", IN_CARD, months)
    waiting = _rows("host", organizations).filter(verified_on__isnull=False)
    _lasting(
        figures,
        waiting.annotate(
            starts_on=F("verified_on"), gone_on=Coalesce("placed_on", "ended_on")
        ),
        "host",
        UNPLACED,
        months,
        ended="gone_on",
    )
    _silent(figures, organizations, months)
    return figures


def _rows(side: str, organizations: QuerySet) -> QuerySet:
    return MobileStay.objects.filter(**{f"{side}__in": organizations}).order_by()


def _near() -> Q:
    """Within the province; all of them before it is set, but not abroad."""
    within = Q(direction=MobileDirection.WITHIN)
    home = parameters.get(HOME_PROVINCE)
    if home:
        return within | Q(division__startswith=home)
    return within | ~Q(division__startswith="99")


def _with_card(rows: QuerySet, begun: str) -> QuerySet:
    held = rows.exclude(card_number="").filter(card_issued_on__isnull=False)
    return held.annotate(starts_on=Greatest(F(begun), F("card_issued_on")))


def _lasting(
    figures: _Figures,
    rows: QuerySet,
    side: str,
    indicator: Indicator,
    months: Sequence[Month],
    ended: str = "ended_on",
) -> None:
    """Count the rows that at each month's end had begun and not ended."""
    dated: Any = rows.annotate(ends_on=F(ended))
    found = at_month_ends(dated, months).values_list(f"{side}_id", "came", "gone")
    for pk, came, gone, count in found.annotate(number=Count("pk")):
        for of_month in figures[came:gone]:
            of_month[pk][indicator.key] += count


def _silent(
    figures: _Figures, organizations: QuerySet, months: Sequence[Month]
) -> None:
    days = timedelta(days=parameters.get(SILENT_THIRD))
    at = Q(home__in=organizations) | Q(home__isnull=True, host__in=organizations)
    for of_month, month in zip(figures, months, strict=True):
        since = month.end - days
        rows = (
            MobileStay.objects.filter(at, started_on__lt=month.end)
            .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=month.end))
            .filter(registered_on__lt=since)
            .filter(Q(verified_on__isnull=True) | Q(verified_on__lt=since))
            .exclude(contacted_since(since, "member_id", end=month.end))
            .order_by()
            .annotate(side=Coalesce("home_id", "host_id"))
        )
        for pk, count in rows.values_list("side").annotate(number=Count("pk")):
            of_month[pk][SILENT.key] += count


register_group(
    IndicatorGroup(
        key="mobile",
        indicators=(
            *(OUT_FAR, OUT_NEAR, OUT_UNKNOWN, OUT_CARD),
            *(IN_FAR, IN_NEAR, IN_CARD, UNPLACED, SILENT),
        ),
        compute_months=compute_months,
    )
)
