"""Figures of how complete the records are: items asked for, and those filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Count, QuerySet

from config.lib.monthends import at_month_ends
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from members.choices import AffiliationKind
from members.completeness import ITEMS, of_member
from members.models import Affiliation

_SOURCE = "2017年党员信息采集：由党支部填写的项目"
_LABELS = "、".join(item.label for item in ITEMS)

ASKED = Indicator(
    "members.items_asked",
    "档案应填项目",
    "项",
    f"月末在册党员应当填写的项目数，每人按{_LABELS}计；只问正式党员、在职党员的按其人数。",
    _SOURCE,
)
FILLED = Indicator(
    "members.items_filled",
    "档案已填项目",
    "项",
    "上述项目中已经填写的，按现在的档案计。",
    _SOURCE,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Both numbers of each month in one query."""
    figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    roll = Affiliation.objects.filter(
        organization__in=organizations, kind=AffiliationKind.ON_ROLL
    ).order_by()
    asked = {
        f"asked_{n}": Count("pk", filter=of_member(item.asked))
        if item.asked
        else Count("pk")
        for n, item in enumerate(ITEMS)
    }
    missing = {
        f"missing_{n}": Count(
            "pk", filter=of_member(item.asked) & of_member(item.missing)
        )
        for n, item in enumerate(ITEMS)
    }
    rows = at_month_ends(roll, months).values_list("organization_id", "came", "gone")
    for pk, came, gone, *numbers in rows.annotate(**asked, **missing):
        wanted = sum(numbers[: len(ITEMS)])
        for of_month in figures[came:gone]:
            of_month[pk][ASKED.key] += wanted
            of_month[pk][FILLED.key] += wanted - sum(numbers[len(ITEMS) :])
    return figures


register_group(
    IndicatorGroup(
        key="quality",
        indicators=(ASKED, FILLED),
        compute_months=compute_months,
        rates=(
            Rate(
                "members.completeness_rate",
                "档案完整度",
                FILLED.key,
                ASKED.key,
                "档案已填项目占应填项目的比例。",
                _SOURCE,
            ),
        ),
    )
)
