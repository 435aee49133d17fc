"""Figures of the coverage of two-new units, by the community where they lie."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from organizations.coverage_choices import (
    ORGANIZATION_FORMS,
    WORK_FORMS,
    CoverageForm,
    UnitState,
)
from organizations.coverage_rules import is_due_own
from organizations.models import CensusSheet, Community, Coverage, DoorVisit

_CHARTER = "《中国共产党支部工作条例（试行）》第四条"
_BOTH = "两新组织“两个覆盖”统计：组织覆盖率、工作覆盖率"
_TABLE = "党内统计“社会组织、非公有制企业党组织情况”表"
_PLACE = "计在单位所在社区的党组织，没有登记社区的不计。"


def _list(group: str = "") -> Any:
    def url(organization_id: int, month: Month) -> str:
        address = reverse("members:coverage-units")
        return f"{address}?{urlencode({'group': group})}" if group else address

    return url


def _figure(
    name: str, label: str, definition: str, source: str, unit: str = "家", **more: Any
) -> Indicator:
    return Indicator(
        f"members.two_new_{name}",
        label,
        unit,
        definition + _PLACE,
        source,
        more.get("url", _list()),
    )


_BY_FORM = {
    form.value: _figure(
        form.value,
        f"两新单位：{form.label}",
        f"月末正常经营、核定的覆盖形式为“{form.label}”的两新单位。",
        _TABLE,
    )
    for form in CoverageForm
}
OPERATING = _figure(
    "operating",
    "正常经营的两新单位",
    "月末一企一表核为正常经营的非公有制企业和社会组织。",
    _TABLE,
)
ELIGIBLE = _figure(
    "eligible",
    "符合条件的两新单位",
    "上述单位中，一企一表登记的正式党员3人以上的。",
    _CHARTER,
)
ORGANIZED = _figure(
    "organized",
    "两新单位组织覆盖",
    "月末正常经营的两新单位中，核定为单独、联合、区域、行业组建的。",
    _BOTH,
)
WORKED = _figure(
    "worked",
    "两新单位工作覆盖",
    "月末正常经营的两新单位中，有组织覆盖，或者就近挂靠、选派指导员的。",
    _BOTH,
)
ELIGIBLE_ORGANIZED = _figure(
    "eligible_organized",
    "符合条件的两新单位组织覆盖",
    "符合条件的两新单位中，有组织覆盖的。",
    _BOTH,
)
ELIGIBLE_WORKED = _figure(
    "eligible_worked",
    "符合条件的两新单位工作覆盖",
    "符合条件的两新单位中，有工作覆盖的。",
    _BOTH,
)
UNBUILT = _figure(
    "unbuilt",
    "应建未建的两新单位",
    "符合条件、月末没有组织覆盖的两新单位。",
    _TABLE,
    url=_list("unbuilt"),
)
STAFF = _figure(
    "staff",
    "两新单位从业人员",
    "月末正常经营的两新单位一企一表登记的从业人员之和。",
    _TABLE,
    "人",
)
MEMBERS = _figure(
    "members",
    "两新单位党员",
    "月末正常经营的两新单位一企一表登记的正式、预备党员之和。",
    _TABLE,
    "人",
)
NOT_MOVED_IN = _figure(
    "not_moved_in",
    "两新单位未转入组织关系的党员",
    "上述党员中，组织关系没有转入的。",
    _TABLE,
    "人",
)
VISITS = _figure(
    "visits",
    "两新单位上门",
    "当月登记的上门次数，撤回的不计。",
    "街道经验材料：主动上门",
    "次",
)

_Figures = list[Any]


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Four queries: communities, sheets, coverages, visits."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    places = dict(
        Community.objects.filter(organization__in=organizations)
        .order_by()
        .values_list("pk", "organization_id")
    )
    if not places:
        return figures
    sheets = _rows(CensusSheet, places, months[-1])
    forms: dict[int, list[tuple[date, date | None, str]]] = defaultdict(list)
    for unit, starts, ends, form in _rows(Coverage, places, months[-1]).values_list(
        "unit_id", "starts_on", "ends_on", "form"
    ):
        forms[unit].append((starts, ends, form))
    columns = ("unit_id", "unit__community_id", "starts_on", "ends_on", "staff")
    columns += ("full_members", "probationary", "not_moved_in")
    operating = sheets.filter(state=UnitState.OPERATING).values_list(*columns)
    for unit, community, starts, ends, *numbers in operating:
        for place in _at_ends(starts, ends, months):
            form = _form_at(forms[unit], months[place])
            _count(figures[place][places[community]], form, *numbers)
    _count_visits(figures, places, months)
    return figures


def _rows(model: Any, places: Iterable[int], last: Month) -> Any:
    rows = model.objects.filter(
        unit__community__in=list(places), starts_on__lt=last.end
    )
    # Of one day two rows may be left; what ended on its own day never counted.
    return rows.exclude(ends_on=F("starts_on")).order_by()


def _at_ends(starts: date, ends: date | None, months: Sequence[Month]) -> Iterator[int]:
    """Places of the months at whose end [starts, ends) holds."""
    for place, month in enumerate(months):
        if starts < month.end and (ends is None or ends >= month.end):
            yield place


def _form_at(rows: list[tuple[date, date | None, str]], month: Month) -> str:
    for starts, ends, form in rows:
        if starts < month.end and (ends is None or ends >= month.end):
            return form
    return ""


def _count(
    node: dict[str, int],
    form: str,
    staff: int | None,
    full: int,
    probationary: int,
    not_moved_in: int,
) -> None:
    organized, worked = form in ORGANIZATION_FORMS, form in WORK_FORMS
    node[OPERATING.key] += 1
    node[ORGANIZED.key] += organized
    node[WORKED.key] += worked
    if form:
        node[_BY_FORM[form].key] += 1
    if is_due_own(full):
        node[ELIGIBLE.key] += 1
        node[ELIGIBLE_ORGANIZED.key] += organized
        node[ELIGIBLE_WORKED.key] += worked
        node[UNBUILT.key] += not organized
    node[STAFF.key] += staff or 0
    node[MEMBERS.key] += full + probationary
    node[NOT_MOVED_IN.key] += not_moved_in


def _count_visits(
    figures: _Figures, places: Mapping[int, int], months: Sequence[Month]
) -> None:
    rows = DoorVisit.objects.counted().filter(unit__community__in=list(places))
    found = (
        within_months(rows, "visited_on", months)
        .order_by()
        .values_list("unit__community_id", "month_place")
        .annotate(number=Count("pk", filter=Q(pk__isnull=False)))
    )
    for community, place, number in found:
        figures[place][places[community]][VISITS.key] += number


def _rate(
    name: str, label: str, part: Indicator, whole: Indicator, definition: str
) -> Rate:
    return Rate(
        f"members.two_new_{name}", label, part.key, whole.key, definition, _BOTH
    )


register_group(
    IndicatorGroup(
        key="members.coverage",
        indicators=(
            OPERATING,
            ORGANIZED,
            WORKED,
            *_BY_FORM.values(),
            ELIGIBLE,
            ELIGIBLE_ORGANIZED,
            ELIGIBLE_WORKED,
            UNBUILT,
            STAFF,
            MEMBERS,
            NOT_MOVED_IN,
            VISITS,
        ),
        compute_months=compute_months,
        rates=(
            _rate(
                "organized_rate",
                "两新组织覆盖率",
                ORGANIZED,
                OPERATING,
                "有组织覆盖的占正常经营的两新单位的比例。",
            ),
            _rate(
                "worked_rate",
                "两新工作覆盖率",
                WORKED,
                OPERATING,
                "有工作覆盖的占正常经营的两新单位的比例。",
            ),
            _rate(
                "eligible_organized_rate",
                "两新组织覆盖率（符合条件的）",
                ELIGIBLE_ORGANIZED,
                ELIGIBLE,
                "有组织覆盖的占符合条件（正式党员3人以上）的两新单位的比例。",
            ),
            _rate(
                "eligible_worked_rate",
                "两新工作覆盖率（符合条件的）",
                ELIGIBLE_WORKED,
                ELIGIBLE,
                "有工作覆盖的占符合条件（正式党员3人以上）的两新单位的比例。",
            ),
        ),
    )
)
