"""Figures of the democratic review: the rows of the official form.

How many branches and members take part lies at the branch. What was found lies at the
street alone: one unqualified member in a branch is a name to whoever knows the branch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.urls import reverse

from activities.choices.reviews import Grade, Outcome
from activities.models import Review
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group

_SOURCE = "年度统计表“民主评议党员情况”"
_YEAR = "本年1月1日至月末"


def _board(organization_id: int, month: Month) -> str:
    query = urlencode({"year": month.year})
    return f"{reverse('activities:reviews')}?{query}"


def _figure(
    name: str, label: str, unit: str, definition: str, **more: Any
) -> Indicator:
    return Indicator(
        f"activities.review_{name}", label, unit, definition, _SOURCE, **more
    )


OPENED = _figure(
    "opened",
    "开展评议的支部",
    "个",
    f"{_YEAR}开始民主评议的党支部。",
    list_url=_board,
)
FINISHED = _figure(
    "finished",
    "结束评议的支部",
    "个",
    f"{_YEAR}民主评议经上级批准的党支部。",
    list_url=_board,
)
PEOPLE = _figure(
    "people", "参加评议党员", "人", f"{_YEAR}开始的民主评议中参评的党员，移出的不计。"
)
DONE = _figure("done", "结束评议党员", "人", f"{_YEAR}批准的民主评议中参评的党员。")
GRADES = {
    grade.value: _figure(
        grade.value,
        f"评议{grade.label}",
        "人",
        f"{_YEAR}批准的民主评议中评为{grade.label}的党员；只在街道计数。",
        street_only=True,
    )
    for grade in Grade
}
OUTCOMES = {
    outcome.value: _figure(
        outcome.value,
        str(outcome.label),
        "人",
        f"{_YEAR}批准的民主评议中不合格、处置为{outcome.label}的党员；只在街道计数。",
        street_only=True,
    )
    for outcome in Outcome
}


_READ = (
    *("organization_id", "street_id", "opened_on", "approved_on", "people"),
    *(f"graded_{grade}" for grade in GRADES),
    *(f"outcome_{outcome}" for outcome in OUTCOMES),
    *("lies", "sums"),
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of all months in one query: a row for each review, dated here."""
    figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    first, last = months[0].year, months[-1].end
    here = {
        "lies": Q(organization__in=organizations),
        "sums": Q(street__in=organizations),
    }
    wanted = {
        name: ExpressionWrapper(each, output_field=BooleanField())
        for name, each in here.items()
    }
    rows = (
        Review.objects.with_counts()
        .filter(here["lies"] | here["sums"], opened_on__lt=last)
        .filter(Q(opened_on__year__gte=first) | Q(approved_on__year__gte=first))
        .annotate(**wanted)
        .order_by()
        .values(*_READ)
    )
    for row in rows:
        for month, found in zip(months, figures, strict=True):
            if row["lies"]:
                _at_branch(found[row["organization_id"]], row, month)
            if row["sums"] and _is_within(row["approved_on"], month):
                _at_street(found[row["street_id"]], row)
    return figures


def _is_within(day: Any, month: Month) -> bool:
    """Whether a day lies in the month's year, not after the month."""
    return day is not None and day.year == month.year and day < month.end


def _at_branch(own: dict[str, int], row: dict[str, Any], month: Month) -> None:
    if _is_within(row["opened_on"], month):
        own[OPENED.key] += 1
        own[PEOPLE.key] += row["people"]
    if _is_within(row["approved_on"], month):
        own[FINISHED.key] += 1
        own[DONE.key] += row["people"]


def _at_street(own: dict[str, int], row: dict[str, Any]) -> None:
    for grade, indicator in GRADES.items():
        own[indicator.key] += row[f"graded_{grade}"]
    for outcome, indicator in OUTCOMES.items():
        own[indicator.key] += row[f"outcome_{outcome}"]


register_group(
    IndicatorGroup(
        key="activities.reviews",
        indicators=(
            *(OPENED, FINISHED, PEOPLE, DONE),
            *GRADES.values(),
            *OUTCOMES.values(),
        ),
        compute_months=compute_months,
        rates=(
            Rate(
                "activities.review_finished_rate",
                "评议完成率",
                FINISHED.key,
                OPENED.key,
                "结束评议的支部 ÷ 开展评议的支部。",
                _SOURCE,
            ),
        ),
    )
)
