"""Figures of visits to households and of what came of them.

A visit counts at the organization that made it, a household at the one that is to
visit it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count, F, Min, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.http import urlencode

from activities.choices.households import MatterState
from activities.models import Household, Visit, VisitMatter
from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group

_SOURCE = "街道经验材料《街道党建创新》（走百家门，知百家情）"


def _visits(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "month": month.label})
    return f"{reverse('activities:visit-list')}?{query}"


def _matters(organization_id: int, month: Month) -> str:
    query = urlencode(
        {"group": "all", "organization": organization_id, "month": month.label}
    )
    return f"{reverse('activities:visit-matters')}?{query}"


LISTED = Indicator(
    "activities.households",
    "月末在册住户",
    "户",
    "月末在社区台账里、没有销户的住户，计入责任党组织。",
    _SOURCE,
)
VISITED_YEAR = Indicator(
    "activities.households_visited_year",
    "本年已走访住户",
    "户",
    "本年1月1日至月末走访过至少一次的在册住户，每户只计一次；已销户的不计。",
    _SOURCE,
)
VISITS = Indicator(
    "activities.visits",
    "当月走访",
    "次",
    "当月走访住户的次数，撤回的不计，计入走访的党组织。",
    _SOURCE,
    _visits,
)
VISITED = Indicator(
    "activities.households_visited",
    "当月走访住户",
    "户",
    "当月走访过的住户，每户只计一次。",
    _SOURCE,
    _visits,
)
COLLECTED = Indicator(
    "activities.visit_matters",
    "收集事项",
    "件",
    "当月走访记下、需要跟进的事项。",
    _SOURCE,
    _matters,
)
SOLVED = Indicator(
    "activities.visit_matters_solved",
    "解决事项",
    "件",
    "当月解决的走访事项，按办结日期计；转交和暂不能解决的不计。",
    _SOURCE,
)
WAITING = Indicator(
    "activities.visit_matters_waiting",
    "月末未答复事项",
    "件",
    "月末还没有答复住户的走访事项。",
    _SOURCE,
)


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month in six queries, and one for each year asked about."""
    figures = [defaultdict(lambda: defaultdict(int)) for _ in months]

    def lasting(rows: QuerySet, place: str, key: str) -> None:
        found = at_month_ends(rows, months).values_list(place, "came", "gone")
        for pk, came, gone, number in found.annotate(number=Count("pk")):
            for of_month in figures[came:gone]:
                of_month[pk][key] += number

    def within(rows: QuerySet, day: str, place: str, **counted: Count) -> None:
        found = within_months(rows, day, months).values(place, "month_place")
        for row in found.annotate(**counted):
            for name in counted:
                figures[row["month_place"]][row[place]][KEYS[name]] += row[name]

    homes = Household.objects.filter(organization__in=organizations).order_by()
    lasting(
        homes.annotate(starts_on=F("listed_on"), ends_on=F("ended_on")),
        "organization_id",
        LISTED.key,
    )
    for year in sorted({month.start.year for month in months}):
        _visited_by_month(homes, year, months, figures)
    visits = Visit.objects.counted().filter(organization__in=organizations).order_by()
    within(
        visits,
        "visited_on",
        "organization_id",
        visits=Count("pk"),
        homes=Count("household", distinct=True),
    )
    matters = (
        VisitMatter.objects.counted()
        .filter(visit__organization__in=organizations)
        .order_by()
    )
    place = "visit__organization_id"
    within(matters, "visit__visited_on", place, collected=Count("pk"))
    solved = matters.filter(state=MatterState.SOLVED)
    within(solved, "settled_on", place, solved=Count("pk"))
    dated = matters.annotate(starts_on=F("visit__visited_on"), ends_on=F("answered_on"))
    lasting(dated, place, WAITING.key)
    return figures


KEYS = {
    "visits": VISITS.key,
    "homes": VISITED.key,
    "collected": COLLECTED.key,
    "solved": SOLVED.key,
}


def _visited_by_month(
    homes: QuerySet, year: int, months: Sequence[Month], figures: list
) -> None:
    """Add up, from January on, the households whose first visit of the year it was."""
    visits = Visit.objects.counted().filter(
        household=OuterRef("pk"),
        visited_on__gte=date(year, 1, 1),
        visited_on__lt=date(year + 1, 1, 1),
    )
    first = visits.order_by().values("household").annotate(day=Min("visited_on"))
    wanted = [place for place, each in enumerate(months) if each.start.year == year]
    span = [Month(year, number) for number in range(1, 13)]
    span = [each for each in span if each.end <= months[wanted[-1]].end]
    rows = (
        within_months(
            homes.filter(ended_on__isnull=True).annotate(
                first_on=Subquery(first.values("day"))
            ),
            "first_on",
            span,
        )
        .values_list("organization_id", "month_place")
        .annotate(number=Count("pk"))
    )
    for pk, came, number in rows:
        for place in wanted:
            if months[place].end >= span[came].end:
                figures[place][pk][VISITED_YEAR.key] += number


register_group(
    IndicatorGroup(
        key="visits",
        indicators=(
            *(LISTED, VISITED_YEAR, VISITS, VISITED),
            *(COLLECTED, SOLVED, WAITING),
        ),
        compute_months=compute_months,
        rates=(
            Rate(
                "activities.household_visit_rate",
                "本年走访率",
                VISITED_YEAR.key,
                LISTED.key,
                "本年已走访住户 ÷ 月末在册住户。",
                _SOURCE,
            ),
        ),
    )
)
