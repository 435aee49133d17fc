"""Figures of the way into the Party: who is on it, who was admitted and confirmed.

Applicants count at the branch that leads them now; what the committee decided counts
at the branch whose meeting resolved it, in the month of the decision.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Coalesce

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices.development import Outcome, StepKind
from members.models import Applicant, DevelopmentStep
from members.rules.development import REGULATION

_LEDGER = "党员管理六种基本台账"


def _figure(name: str, label: str, definition: str, source: str) -> Indicator:
    return Indicator(f"members.{name}", label, "人", definition, source)


APPLICANTS = _figure(
    "applicants",
    "入党申请人",
    "月末已递交申请、还没有确定为积极分子的。",
    f"{_LEDGER}：申请人等基本情况",
)
ACTIVISTS = _figure(
    "activists",
    "入党积极分子",
    "月末已确定为积极分子、还没有列为发展对象的。",
    f"{REGULATION}第八条",
)
CANDIDATES = _figure(
    "candidates",
    "发展对象",
    "月末已列为发展对象、支部大会还没有接收的（等待审批的也计）。",
    f"{REGULATION}第十三条",
)
ADMITTED = _figure(
    "admitted",
    "批准接收",
    "当月经上级党委批准接收的预备党员；入党日期是支部大会通过之日。",
    f"{_LEDGER}：年度新发展",
)
_DECIDED: dict[str, Indicator] = {
    StepKind.CONFIRM: _figure(
        "confirmed", "批准转正", "当月经上级党委批准转正的。", f"{_LEDGER}：年度转正"
    ),
    StepKind.EXTEND: _figure(
        "probation_extended",
        "批准延长",
        "当月经上级党委批准延长预备期的。",
        f"{REGULATION}第三十一条",
    ),
    StepKind.CANCEL: _figure(
        "probation_cancelled",
        "取消资格",
        "当月经上级党委批准取消预备党员资格的。",
        f"{REGULATION}第三十一条",
    ),
}

_Figures = list[dict[int, dict[str, int]]]
_STAGES: tuple[tuple[Indicator, str, str], ...] = (
    (APPLICANTS, "applied_on", "activist_on"),
    (ACTIVISTS, "activist_on", "candidate_on"),
    (CANDIDATES, "candidate_on", "closed_on"),
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month in four queries."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    here = Applicant.objects.filter(organization__in=organizations).order_by()
    for indicator, begun, ended in _STAGES:
        dated: Any = here.filter(**{f"{begun}__isnull": False}).annotate(
            starts_on=F(begun), ends_on=Coalesce(ended, "closed_on")
        )
        found = at_month_ends(dated, months).values_list(
            "organization_id", "came", "gone"
        )
        for pk, came, gone, count in found.annotate(number=Count("pk")):
            for of_month in figures[came:gone]:
                of_month[pk][indicator.key] += count
    _decided(figures, organizations, months)
    return figures


def _decided(
    figures: _Figures, organizations: QuerySet, months: Sequence[Month]
) -> None:
    decisions = DevelopmentStep.objects.filter(
        organization__in=organizations,
        kind__in=[StepKind.APPROVAL, StepKind.DECISION],
        outcome=Outcome.YES,
        withdrawn_at=None,
    ).order_by()
    found = within_months(decisions, "taken_on", months).values_list(
        "organization_id", "month_place", "decides"
    )
    for pk, place, decides, count in found.annotate(number=Count("pk")):
        key = _DECIDED.get(decides, ADMITTED).key
        figures[place][pk][key] += count


register_group(
    IndicatorGroup(
        key="development",
        indicators=(APPLICANTS, ACTIVISTS, CANDIDATES, ADMITTED, *_DECIDED.values()),
        compute_months=compute_months,
    )
)
