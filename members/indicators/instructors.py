"""Figures of instructors: in office, units guided, visits and calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices.instructors import RecordKind
from members.models import Instructor, InstructorPosting, InstructorRecord

_SEED = "街道经验材料：选派党建工作指导员"
_PLACE = "计在单位所在社区的党组织，没有登记社区的不计。"


def _list(organization_id: int, month: Month) -> str:
    return reverse("members:instructor-list")


INSTRUCTORS = Indicator(
    "members.instructors",
    "在任指导员",
    "人",
    "月末在任的党建工作指导员，计在选派的党组织。",
    _SEED,
    _list,
)
UNITS = Indicator(
    "members.instructor_units",
    "指导员联系单位",
    "家",
    f"月末有指导员联系的单位。{_PLACE}",
    _SEED,
    _list,
)
BY_KIND = {
    RecordKind.VISIT: Indicator(
        "members.instructor_visits",
        "指导员走访",
        "次",
        f"当月指导员走访单位的次数，撤回的不计。{_PLACE}",
        _SEED,
        _list,
    ),
    RecordKind.CALL: Indicator(
        "members.instructor_calls",
        "指导员电话联系",
        "次",
        f"当月指导员电话联系单位的次数，撤回的不计。{_PLACE}",
        _SEED,
        _list,
    ),
}


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Three queries: instructors where they were sent, the rest where units lie."""
    figures: list[Any] = [defaultdict(lambda: defaultdict(int)) for _ in months]
    sent = Instructor.objects.filter(organization__in=organizations).order_by()
    for pk, begin, end in sent.values_list("organization", "starts_on", "ended_on"):
        _count(figures, months, pk, INSTRUCTORS.key, begin, end)
    place = "unit__community__organization"
    rows = InstructorPosting.objects.filter(**{f"{place}__in": organizations})
    for pk, begin, end in rows.order_by().values_list(place, "starts_on", "ends_on"):
        _count(figures, months, pk, UNITS.key, begin, end)
    place = f"posting__{place}"
    records = InstructorRecord.objects.standing().filter(
        **{f"{place}__in": organizations}
    )
    for pk, turn, kind, number in (
        within_months(records, "held_on", months)
        .order_by()
        .values_list(place, "month_place", "kind")
        .annotate(Count("pk"))
    ):
        figures[turn][pk][BY_KIND[kind].key] += number
    return figures


def _count(
    figures: list[Any],
    months: Sequence[Month],
    pk: int,
    key: str,
    begin: date,
    end: date | None,
) -> None:
    """Count what lasts on [begin, end) at the ends of the months."""
    for turn, month in enumerate(months):
        if begin < month.end and (end is None or end >= month.end):
            figures[turn][pk][key] += 1


register_group(
    IndicatorGroup(
        key="members.instructors",
        indicators=(INSTRUCTORS, UNITS, *BY_KIND.values()),
        compute_months=compute_months,
    )
)
