"""Figures of members out of work, of those who found some, of help and deeds.

How somebody's employment stands counts at the branch that educates him on that day;
help and deeds count at the branch that wrote them down.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from config.lib.monthends import within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, register_group
from members.choices import AffiliationKind, Category
from members.choices.employment import (
    EmploymentGroup,
    EmploymentStatus,
    HelpKind,
    LeadKind,
)
from members.models import Affiliation, EmploymentSpell, HelpStep, Lead
from members.rules.employment import is_out_of_work, is_reemployment, status_on

_SEED = "街道经验材料《街道党建创新》：下岗失业党员的教育管理"
_DOUBLE = "街道经验材料《街道党建创新》：“双带”活动"
_PLACE = "计入当日教育管理该党员的党支部（协管、流入优先于在册）"
_NEAR = {AffiliationKind.CO_MANAGED: 0, AffiliationKind.MOBILE_IN: 1}


def _people_url(group: str) -> Any:
    def url(organization_id: int, month: Month) -> str:
        query = urlencode({"organization": organization_id, "group": group})
        return f"{reverse('members:employment-list')}?{query}"

    return url


def _lead_url(kind: str) -> Any:
    def url(organization_id: int, month: Month) -> str:
        query = {"organization": organization_id, "month": month.label, "kind": kind}
        return f"{reverse('members:lead-list')}?{urlencode(query)}"

    return url


OUT = Indicator(
    "members.out_of_work",
    "未就业党员",
    "人",
    "月末就业状况为下岗失业、正在求职的党员；没有登记状况的，按现在的党员类别是否"
    f"下岗失业计。{_PLACE}。",
    _SEED,
    _people_url(EmploymentGroup.OUT),
)
BACK = {
    status: Indicator(
        f"members.reemployed_{status.value}",
        f"再就业：{status.label}",
        "人",
        f"当月由下岗失业、正在求职转为{status.label}的党员。{_PLACE}。",
        _DOUBLE,
        _people_url(EmploymentGroup.BACK),
    )
    for status in (
        EmploymentStatus.BY_UNIT,
        EmploymentStatus.SELF_EMPLOYED,
        EmploymentStatus.FLEXIBLE,
    )
}
HELPED = Indicator(
    "members.help_steps",
    "就业帮扶",
    "次",
    "当月记录的就业帮扶，撤回的不计，计入登记的党支部。",
    _SEED,
)
OF_KIND = {
    HelpKind.TRAINING: Indicator(
        "members.help_training",
        "技能培训",
        "人次",
        "就业帮扶中的技能培训。",
        _SEED,
    ),
    HelpKind.JOB_OFFER: Indicator(
        "members.help_job_offers",
        "推荐岗位",
        "人次",
        "就业帮扶中的推荐岗位。",
        _SEED,
    ),
}
LED = Indicator(
    "members.people_led",
    "带领就业",
    "人",
    "当月开始的“双带”事迹中带领他人就业的人数之和，计入登记的党支部。",
    _DOUBLE,
    _lead_url(LeadKind.PEOPLE),
)
SERVICES = Indicator(
    "members.services_opened",
    "开办服务项目",
    "个",
    "当月党员开办的服务项目，计入登记的党支部。",
    f"{_DOUBLE}；开发社区服务产业",
    _lead_url(LeadKind.SERVICE),
)
POSTS = Indicator(
    "members.posts_opened",
    "新增岗位",
    "个",
    "当月新增的服务岗位之和：手工登记的随开办项目计，服务项目里的按岗位设立的日期计，"
    "计入登记的党支部。",
    f"{_DOUBLE}；开发社区服务产业",
    _lead_url(""),
)

_Figures = list[dict[int, dict[str, int]]]


@dataclass
class _Person:
    category: str = ""
    # (starts_on, ends_on, nearness, pk, organization)
    relations: list[tuple[date, date | None, int, int, int]] = field(
        default_factory=list
    )
    spells: list[tuple[date, str]] = field(default_factory=list)

    def out_of_work(self, days: list[date]) -> Iterator[tuple[int, int, int]]:
        """Places, and the slices of `days` on which the person was out of work there.

        Whoever always belonged to one branch, as most, is not asked day by day.
        """
        if len(self.relations) == 1:
            starts, ends, _, _, place = self.relations[0]
            for since, until in self._without_work():
                came = bisect_left(days, max(starts, since))
                gone = bisect_left(days, min(ends or date.max, until))
                if came < gone:
                    yield place, came, gone
            return
        for number, day in enumerate(days):
            is_out = is_out_of_work(status_on(self.spells, day), self.category)
            if is_out and (found := self.place_on(day)) is not None:
                yield found, number, number + 1

    def _without_work(self) -> Iterator[tuple[date, date]]:
        """Half-open stretches without work, those before the first spell too."""
        line = [(date.min, ""), *self.spells, (date.max, "")]
        for (since, status), (until, _) in pairwise(line):
            if is_out_of_work(status, self.category):
                yield since, until

    def finds(self) -> list[tuple[date, str]]:
        """Days on which somebody out of work found some, and what."""
        return [
            now
            for before, now in pairwise(self.spells)
            if is_reemployment(before[1], now[1])
        ]

    def place_on(self, day: date) -> int | None:
        """The branch that educated the person on `day`, None for one who was gone."""
        held = [r for r in self.relations if r[0] <= day and (not r[1] or r[1] > day)]
        if len(held) > 1:
            return min(held, key=lambda r: r[2:4])[4]
        return held[0][4] if held else None

    def first_place_from(self, day: date) -> int | None:
        """The same; of somebody who came later, the first branch after."""
        if (place := self.place_on(day)) is not None:
            return place
        later = [r for r in self.relations if r[0] > day]
        return min(later, key=lambda r: (r[0], *r[2:4]))[4] if later else None


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """Numbers of each month in five queries."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    people = _people(organizations)
    here = set(organizations.order_by().values_list("pk", flat=True)) if people else {}
    last_days = [month.end - timedelta(days=1) for month in months]
    for person in people.values():
        for place, came, gone in person.out_of_work(last_days):
            if place in here:
                for figure in figures[came:gone]:
                    figure[place][OUT.key] += 1
        for day, status in person.finds():
            for figure, month in zip(figures, months, strict=True):
                place = person.first_place_from(day) if day in month else None
                if place is not None and place in here:
                    figure[place][BACK[EmploymentStatus(status)].key] += 1
    _help(figures, organizations, months)
    _leads(figures, organizations, months)
    return figures


def _people(organizations: QuerySet) -> dict[int, _Person]:
    """Everybody concerned who ever belonged to these, with all relations and spells."""
    recorded = EmploymentSpell.objects.counted()
    concerned = (
        Affiliation.objects.filter(organization__in=organizations)
        .filter(
            Q(member__category=Category.LAID_OFF)
            | Q(member__in=recorded.order_by().values("member"))
        )
        .order_by()
        .values("member_id")
    )
    people: dict[int, _Person] = defaultdict(_Person)
    relations = (
        Affiliation.objects.filter(member__in=concerned)
        .order_by()
        .values_list(
            *("member_id", "member__category", "starts_on", "ends_on", "kind"),
            *("pk", "organization_id"),
        )
    )
    for member_id, category, starts, ends, kind, pk, place in relations:
        person = people[member_id]
        person.category = category
        person.relations.append((starts, ends, _NEAR.get(kind, 2), pk, place))
    spells = recorded.filter(member__in=concerned).order_by("starts_on")
    for member_id, starts, status in spells.values_list(
        "member_id", "starts_on", "status"
    ):
        people[member_id].spells.append((starts, status))
    return people


def _help(figures: _Figures, organizations: QuerySet, months: Sequence[Month]) -> None:
    rows = HelpStep.objects.counted().filter(organization__in=organizations)
    found = within_months(rows, "given_on", months).order_by()
    for pk, place, kind, number in found.values_list(
        "organization_id", "month_place", "kind"
    ).annotate(number=Count("pk")):
        figures[place][pk][HELPED.key] += number
        if (indicator := OF_KIND.get(kind)) is not None:
            figures[place][pk][indicator.key] += number


def _leads(figures: _Figures, organizations: QuerySet, months: Sequence[Month]) -> None:
    rows = Lead.objects.counted().filter(organization__in=organizations)
    found = within_months(rows, "starts_on", months).order_by()
    sums = found.values_list("organization_id", "month_place").annotate(
        people=Sum("people_count"),
        posts=Sum("posts_count"),
        services=Count("pk", filter=Q(kind=LeadKind.SERVICE)),
    )
    for pk, place, people, posts, services in sums:
        own = figures[place][pk]
        own[LED.key] += people
        own[POSTS.key] += posts
        own[SERVICES.key] += services


register_group(
    IndicatorGroup(
        key="employment",
        indicators=(
            *(OUT, *BACK.values(), HELPED, *OF_KIND.values()),
            *(LED, SERVICES, POSTS),
        ),
        compute_months=compute_months,
    )
)
