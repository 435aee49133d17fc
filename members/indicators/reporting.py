"""Figures of reporting, plaques and residents' comments; none of a single person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from members.choices.comments import CommentState
from members.choices.reporting import SlipState
from members.models import (
    Affiliation,
    Plaque,
    PlaqueMember,
    ReportSlip,
    ResidentComment,
)

_REPORT = "向居住地党组织报到情况统计表"
_PLAQUE = "街道经验材料：党员挂牌活动"
_COMMENT = "街道经验材料：加强相互监督"


def _figure(name: str, label: str, unit: str, definition: str, source: str):
    return Indicator(f"members.{name}", label, unit, definition, source)


RECEIVED = _figure(
    "slips_received",
    "在职党员报到",
    "人",
    "当月报到、登记了报到单的在职党员，计在受理的党组织；撤回的不计。",
    _REPORT,
)
ACCEPTED = _figure(
    "slips_accepted",
    "受理报到",
    "人",
    "当月受理、编入社区党支部协管的报到单，计在编入的党支部。",
    _REPORT,
)
PLAQUES = _figure(
    "plaques", "党员挂牌户", "户", "月末门牌在挂的党员家庭，一户计一块。", _PLAQUE
)
DUE = _figure(
    "plaque_due",
    "应挂牌党员",
    "人",
    "月末由党组织教育管理的在册、协管、流入党员，每人只计一次，"
    "计在教育他的支部（先协管，后流入，再在册）。",
    _PLAQUE,
)
COVERED = _figure(
    "plaque_covered", "已挂牌党员", "人", "上述党员中，月末住在挂牌户内的。", _PLAQUE
)
SAID = _figure(
    "comments_received",
    "居民评议",
    "件",
    "当月收到并登记的居民表扬、建议、批评，计在办理的党组织；撤回的不计。",
    _COMMENT,
)
ANSWERED = _figure(
    "comments_answered",
    "答复居民评议",
    "件",
    "当月答复了反映人的居民评议；撤回的不计。",
    _COMMENT,
)

_Figures = list[dict[int, dict[str, int]]]


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month: five queries for all, and one for each month's people."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    slips = ReportSlip.objects.order_by()
    received = slips.filter(organization__in=organizations).exclude(
        state=SlipState.WITHDRAWN
    )
    _within(figures, received, "reported_on", "organization", RECEIVED, months)
    accepted = slips.filter(branch__in=organizations, state=SlipState.ACCEPTED)
    _within(figures, accepted, "settled_on", "branch", ACCEPTED, months)
    said = (
        ResidentComment.objects.filter(organization__in=organizations)
        .exclude(state=CommentState.WITHDRAWN)
        .order_by()
    )
    _within(figures, said, "received_on", "organization", SAID, months)
    answered = said.filter(answered_on__isnull=False)
    _within(figures, answered, "answered_on", "organization", ANSWERED, months)
    _hanging(figures, organizations, months)
    for of_month, month in zip(figures, months, strict=True):
        _covered(of_month, organizations, month)
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


def _hanging(
    figures: _Figures, organizations: QuerySet, months: Sequence[Month]
) -> None:
    rows: Any = Plaque.objects.filter(organization__in=organizations).order_by()
    dated = rows.annotate(starts_on=F("hung_on"), ends_on=F("taken_down_on"))
    found = at_month_ends(dated, months).values_list("organization_id", "came", "gone")
    for pk, came, gone, count in found.annotate(number=Count("pk")):
        for of_month in figures[came:gone]:
            of_month[pk][PLAQUES.key] += count


def _covered(of_month: Any, organizations: QuerySet, month: Month) -> None:
    """Who is looked after at the month's end, and who of them lives behind a plaque."""
    day = month.end - timedelta(days=1)
    covers = PlaqueMember.objects.filter(
        Q(left_on__isnull=True) | Q(left_on__gt=day),
        member=OuterRef("member"),
        covered_on__lte=day,
    )
    rows = (
        Affiliation.objects.filter(organization__in=organizations)
        .educating_on(day)
        .order_by()
        .values("organization_id")
        .annotate(due=Count("pk"), covered=Count("pk", filter=Exists(covers)))
    )
    for pk, due, covered in rows.values_list("organization_id", "due", "covered"):
        of_month[pk][DUE.key] = due
        if covered:
            of_month[pk][COVERED.key] = covered


register_group(
    IndicatorGroup(
        key="reporting",
        indicators=(RECEIVED, ACCEPTED, PLAQUES, DUE, COVERED, SAID, ANSWERED),
        compute_months=compute_months,
        rates=(
            Rate(
                "members.plaque_rate",
                "挂牌率",
                COVERED.key,
                DUE.key,
                "已挂牌党员占应挂牌党员的比例。",
                _PLAQUE,
            ),
        ),
    )
)
