"""Figures of the care for members in difficulty: of a street, of nothing below it.

A number of one or two in a branch is a name to whoever knows the branch, and figures
are read by many who may not see hardship. So they lie at the street and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, QuerySet, Sum

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices.hardship import FindingKind, Level
from members.models import HardshipAid, HardshipFinding

_SOURCE = "困难党员帮扶通行办法：认定、走访慰问、按年复核；只在街道计数，不分社区、支部"


def _figure(name: str, label: str, unit: str, definition: str) -> Indicator:
    return Indicator(
        f"members.hardship_{name}", label, unit, definition, _SOURCE, street_only=True
    )


LEVELS = {
    level.value: _figure(
        level.value,
        str(level.label),
        "人",
        f"月末已认定、没有结束的{level.label}党员（级别的名称在参数里，由重到轻）。",
    )
    for level in Level
}
AIDS = _figure("aids", "帮扶次数", "次", "当月登记的帮扶，撤回的不计。")
YUAN = _figure("yuan", "帮扶金额", "元", "当月帮扶的金额之和，四舍五入到元。")
REVIEWED = _figure("reviewed", "复核", "人", "当月复核困难情况的党员。")


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month in three queries."""
    figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    findings = HardshipFinding.objects.filter(case__street__in=organizations).order_by()
    lasting = at_month_ends(findings.exclude(level=""), months)
    rows = lasting.values_list("case__street", "level", "came", "gone")
    for pk, level, came, gone, number in rows.annotate(number=Count("pk")):
        for of_month in figures[came:gone]:
            of_month[pk][LEVELS[level].key] += number
    reviews = findings.filter(kind=FindingKind.REVIEWED)
    reviews = within_months(reviews, "starts_on", months)
    counted = reviews.values_list("case__street", "month_place")
    for pk, place, number in counted.annotate(
        number=Count("case__member", distinct=True)
    ):
        figures[place][pk][REVIEWED.key] += number
    aids = HardshipAid.objects.counted().filter(street__in=organizations).order_by()
    given = within_months(aids, "given_on", months)
    sums = given.values_list("street", "month_place")
    for pk, place, number, total in sums.annotate(
        number=Count("pk"), total=Sum("amount")
    ):
        figures[place][pk][AIDS.key] += number
        yuan = Decimal(total).quantize(Decimal(1), ROUND_HALF_UP)
        figures[place][pk][YUAN.key] += int(yuan)
    return figures


register_group(
    IndicatorGroup(
        key="hardship",
        indicators=(*LEVELS.values(), AIDS, YUAN, REVIEWED),
        compute_months=compute_months,
    )
)
