"""Figures of memberships: suspended, decided upon, lost and found.

A decision counts at the branch that proposed it, in the month from which it holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Count, F, QuerySet

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices import AffiliationKind, MembershipStatus
from members.choices.standing import DecisionKind, LostState
from members.models import Affiliation, LostCase, MembershipDecision
from members.parameters.standing import ARTICLE

_CHARTER = "《中国共产党章程》第九条"


def _figure(name: str, label: str, unit: str, definition: str, source: str):
    return Indicator(f"members.{name}", label, unit, definition, source)


SUSPENDED = _figure(
    "suspended",
    "月末停止党籍",
    "人",
    "党员总数中党籍状态为停止党籍的，按现在的档案计。",
    ARTICLE,
)
# A death is a way of leaving the roll, counted there.
DECIDED: dict[str, Indicator] = {
    kind.value: _figure(
        f"decided_{kind.value}",
        kind.label,
        "人",
        f"当月批准{kind.label}的，按批准日期计。",
        f"{ARTICLE}、{_CHARTER}",
    )
    for kind in DecisionKind
    if kind != DecisionKind.DEATH
}
LOST_OPENED = _figure(
    "lost_opened", "当月登记失联", "件", "当月登记的失联处置。", ARTICLE
)
LOST_FOUND = _figure(
    "lost_found",
    "当月取得联系",
    "件",
    "当月因取得联系或恢复党籍而办结的失联处置。",
    ARTICLE,
)
LOST_CASES = _figure(
    "lost_cases",
    "月末在办失联",
    "件",
    "月末还没有办结的失联处置，含已停止党籍的。",
    ARTICLE,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month in five queries."""
    figures = [defaultdict(lambda: defaultdict(int)) for _ in months]

    def lasting(rows: QuerySet, key: str) -> None:
        found = at_month_ends(rows, months).values_list(
            "organization_id", "came", "gone"
        )
        for pk, came, gone, number in found.annotate(number=Count("pk")):
            for of_month in figures[came:gone]:
                of_month[pk][key] += number

    def within(rows: QuerySet, day: str, key: str) -> None:
        found = within_months(rows, day, months)
        found = found.values_list("organization_id", "month_place")
        for pk, place, number in found.annotate(number=Count("pk")):
            figures[place][pk][key] += number

    roll = Affiliation.objects.filter(
        organization__in=organizations,
        kind=AffiliationKind.ON_ROLL,
        member__status=MembershipStatus.SUSPENDED,
    ).order_by()
    lasting(roll, SUSPENDED.key)
    cases = LostCase.objects.filter(organization__in=organizations).order_by()
    dated = cases.annotate(starts_on=F("opened_on"), ends_on=F("closed_on"))
    lasting(dated, LOST_CASES.key)
    within(cases, "opened_on", LOST_OPENED.key)
    within(cases.filter(state=LostState.FOUND), "closed_on", LOST_FOUND.key)
    decided = (
        MembershipDecision.objects.approved()
        .filter(organization__in=organizations, kind__in=DECIDED)
        .order_by()
    )
    counted = within_months(decided, "decided_on", months)
    rows = counted.values_list("organization_id", "month_place", "kind")
    for pk, place, kind, number in rows.annotate(number=Count("pk")):
        figures[place][pk][DECIDED[kind].key] += number
    return figures


register_group(
    IndicatorGroup(
        key="standing",
        indicators=(
            SUSPENDED,
            *DECIDED.values(),
            LOST_CASES,
            LOST_OPENED,
            LOST_FOUND,
        ),
        compute_months=compute_months,
    )
)
