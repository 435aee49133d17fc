"""Figures of the roll: its state at the end of a month, and the month's changes.

Only on-roll relations count as members; co-managed and mobile-in people
are shown beside them. A relation counts at a month's end where it began before the end
and had not ended by then; what is asked of the person (category, education and so on)
is as recorded now, since closed months are frozen anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from config.lib.monthends import at_month_ends, within_months
from config.lib.periods import Month
from config.lib.registry import Indicator, IndicatorGroup, Rate, register_group
from members.bands import Band, bands_at, born_within, crossing
from members.choices import (
    AffiliationKind,
    Category,
    EndReason,
    MemberType,
    Sex,
    StartReason,
)
from members.education import EDUCATION_LEVELS
from members.models import Affiliation
from members.parameters import AGE_BANDS, AGE_SLOTS
from organizations import parameters

_BULLETIN = "中国共产党党内统计公报（2024）"
_FORM = "党内统计年报表（文化程度分组）"
_STATUTE = "党内统计年报填报说明（2017）：以正式组织关系为准"
_MOBILE = "《关于进一步加强和改进流动党员管理工作的意见》（2024）"
_LEDGER = "党员管理六种基本台账"
_SEED = "街道经验材料《街道党建创新》：党员分类教育管理"


class _ListUrl:
    """Address of the member list behind a figure."""

    def __init__(self, **query: str) -> None:
        self.query = query

    def __call__(self, organization_id: int, month: Month) -> str:
        query = urlencode({"organization": organization_id, **self.query})
        return f"{reverse('members:list')}?{query}"


def _figure(
    name: str, label: str, definition: str, source: str, **query: str
) -> Indicator:
    url = _ListUrl(**query) if query else None
    return Indicator(f"members.{name}", label, "人", definition, source, url)


_ROLL = {"kind": AffiliationKind.ON_ROLL.value}

ON_ROLL = _figure(
    "on_roll", "党员总数", "月末在册关系未结束的党员。", _STATUTE, **_ROLL
)
CO_MANAGED = _figure(
    "co_managed",
    "协管党员",
    "月末在社区报到、由社区协管的在职党员，不计入党员总数。",
    "在职党员“双报到”做法：社区协管，组织关系仍在单位",
    kind=AffiliationKind.CO_MANAGED.value,
)
MOBILE_IN = _figure(
    "mobile_in",
    "流入党员",
    "月末登记为流入、组织关系不在本支部的党员，不计入党员总数。",
    _MOBILE,
    kind=AffiliationKind.MOBILE_IN.value,
)

# Key of the figure -> (indicator, condition on the member of an on-roll relation).
_PARTS: dict[str, tuple[Indicator, Q]] = {}


def _part(indicator: Indicator, **condition: Any) -> Indicator:
    _PARTS[indicator.key] = (indicator, Q(**condition))
    return indicator


for _category in Category:
    _part(
        _figure(
            f"category_{_category.value}",
            _category.label,
            f"党员总数中类别为{_category.label}的。",
            _SEED,
            **_ROLL,
            category=_category.value,
        ),
        member__category=_category.value,
    )
for _sex in Sex:
    _part(
        _figure(
            f"sex_{_sex.value}",
            f"{_sex.label}党员",
            f"党员总数中性别为{_sex.label}的。",
            _BULLETIN,
            **_ROLL,
            sex=_sex.value,
        ),
        member__sex=_sex.value,
    )
for _type in MemberType:
    _part(
        _figure(
            f"type_{_type.value}",
            _type.label,
            f"党员总数中的{_type.label}。",
            "2017年党员信息采集（人员类别）",
            **_ROLL,
            member_type=_type.value,
        ),
        member__member_type=_type.value,
    )
for _key, (_label, _values) in EDUCATION_LEVELS.items():
    _part(
        _figure(
            f"education_{_key}",
            _label,
            f"党员总数中学历为{_label}的。",
            _FORM,
            **_ROLL,
            education=_key,
        ),
        member__education__in=_values,
    )
MINORITY = _figure(
    "minority",
    "少数民族党员",
    "党员总数中民族不是汉族的。",
    _BULLETIN,
    **_ROLL,
    ethnicity="minority",
)
_PARTS[MINORITY.key] = (MINORITY, ~Q(member__ethnicity="Han"))
LOST = _part(
    _figure(
        "lost", "失联党员", "党员总数中登记为失联的。", _STATUTE, **_ROLL, check="lost"
    ),
    member__is_lost=True,
)
MOBILE_OUT = _part(
    _figure("mobile", "流动党员", "党员总数中登记为流动党员的。", _MOBILE),
    member__is_mobile=True,
)


# The bands are data, so a figure is a slot; `age_bands` says what each holds now.
AGES = tuple(
    _figure(
        f"age_{slot + 1}",
        f"年龄段{slot + 1}",
        "党员总数中月末满岁数在该年龄段的；各段由参数“年龄段”决定。",
        _BULLETIN,
    )
    for slot in range(AGE_SLOTS)
)


def age_bands() -> list[tuple[str, str]]:
    """Return key and name of each age band now in use, youngest first."""
    bands = parameters.get(AGE_BANDS)
    return [
        (indicator.key, band[0]) for indicator, band in zip(AGES, bands, strict=False)
    ]


_CAME: dict[str, Indicator] = {
    reason: _figure(f"came_{reason}", label, f"当月{label}的在册党员。", _LEDGER)
    for reason, label in (
        (StartReason.NEW_MEMBER.value, "新发展"),
        (StartReason.TRANSFERRED_IN.value, "转入"),
        (StartReason.MOVED_WITHIN.value, "街道内调入"),
        (StartReason.REINSTATED.value, "恢复党籍"),
        (StartReason.REGISTERED.value, "建档登记"),
    )
}
_LEFT: dict[str, Indicator] = {
    reason: _figure(f"left_{reason}", label, f"当月{label}的在册党员。", _LEDGER)
    for reason, label in (
        (EndReason.TRANSFERRED_OUT.value, "转出"),
        (EndReason.MOVED_WITHIN.value, "街道内调出"),
        (EndReason.DECEASED.value, "去世"),
        (EndReason.REMOVED.value, "出党"),
        (EndReason.MISTAKE.value, "登记更正减少"),
    )
}
_OTHER_CAME = _figure(
    "came_other", "其他增加", "当月以其他来源新增的在册党员。", _LEDGER
)
_OTHER_LEFT = _figure(
    "left_other", "其他减少", "当月以其他去向减少的在册党员。", _LEDGER
)
CAME = (*_CAME.values(), _OTHER_CAME)
LEFT = (*_LEFT.values(), _OTHER_LEFT)


# Figures by organization, a dictionary for each month.
_Figures = list[dict[int, dict[str, int]]]


def compute_months(
    organizations: QuerySet, months: Sequence[Month]
) -> Sequence[Mapping[int, Mapping[str, int]]]:
    """State at each month's end and changes within it, in five queries."""
    figures: _Figures = [defaultdict(lambda: defaultdict(int)) for _ in months]
    here = Affiliation.objects.filter(organization__in=organizations).order_by()
    roll = here.filter(kind=AffiliationKind.ON_ROLL)
    _beside(figures, here, months)
    bands = bands_at(months, [indicator.key for indicator in AGES])
    _roll(figures, at_month_ends(roll, months), bands)
    _crossers(figures, at_month_ends(roll, months), bands)
    came = within_months(roll, "starts_on", months)
    left = within_months(roll, "ends_on", months)
    _changes(figures, came, "start_reason", _CAME, _OTHER_CAME)
    _changes(figures, left, "end_reason", _LEFT, _OTHER_LEFT)
    return figures


def compute(organizations: QuerySet, month: Month) -> Mapping[int, Mapping[str, int]]:
    """State at one month's end and changes within it."""
    return compute_months(organizations, [month])[0]


def _beside(figures: _Figures, here: QuerySet, months: Sequence[Month]) -> None:
    keys = {
        AffiliationKind.CO_MANAGED: CO_MANAGED.key,
        AffiliationKind.MOBILE_IN: MOBILE_IN.key,
    }
    grouped = at_month_ends(here.filter(kind__in=keys), months).values_list(
        "organization_id", "kind", "came", "gone"
    )
    for pk, kind, came, gone, number in grouped.annotate(number=Count("pk")):
        for of_month in figures[came:gone]:
            of_month[pk][keys[kind]] += number


def _roll(figures: _Figures, roll: QuerySet, bands: list[Band]) -> None:
    # Dots are no names of columns; the order of the keys carries them.
    parts = {ON_ROLL.key: Count("pk")}
    parts |= {
        key: Count("pk", filter=condition) for key, (_, condition) in _PARTS.items()
    }
    parts |= {
        band.key: Count("pk", filter=born_within(band.until, band.since))
        for band in bands
    }
    totals = {f"part_{number}": each for number, each in enumerate(parts.values())}
    rows = roll.values_list("organization_id", "came", "gone").annotate(**totals)
    for pk, came, gone, *numbers in rows:
        for of_month in figures[came:gone]:
            own = of_month[pk]
            for key, number in zip(parts, numbers, strict=True):
                own[key] += number


def _crossers(figures: _Figures, roll: QuerySet, bands: list[Band]) -> None:
    """Count those who have a birthday that leads into a band or out of it."""
    wanted = crossing(bands)
    if wanted is None:
        return
    rows = roll.filter(wanted).values_list(
        "organization_id", "member__born_on", "came", "gone"
    )
    for pk, born_on, came, gone, number in rows.annotate(number=Count("pk")):
        for band in bands:
            if band.stays(born_on):
                continue
            for place in range(came, gone):
                if band.holds(born_on, place):
                    figures[place][pk][band.key] += number


def _changes(
    figures: _Figures,
    rows: QuerySet,
    field: str,
    indicators: Mapping[str, Indicator],
    other: Indicator,
) -> None:
    grouped = rows.values_list("organization_id", "month_place", field)
    for pk, place, reason, number in grouped.annotate(number=Count("pk")):
        figures[place][pk][indicators.get(reason, other).key] += number


register_group(
    IndicatorGroup(
        key="members",
        indicators=(
            ON_ROLL,
            *(indicator for indicator, _ in _PARTS.values()),
            *AGES,
            CO_MANAGED,
            MOBILE_IN,
            *CAME,
            *LEFT,
        ),
        compute_months=compute_months,
        rates=(
            Rate(
                "members.women_rate",
                "女党员占比",
                "members.sex_female",
                ON_ROLL.key,
                "女党员占党员总数的比例。",
                _BULLETIN,
            ),
            Rate(
                "members.minority_rate",
                "少数民族党员占比",
                MINORITY.key,
                ON_ROLL.key,
                "少数民族党员占党员总数的比例。",
                _BULLETIN,
            ),
            Rate(
                "members.college_rate",
                "大专及以上学历占比",
                "members.education_college",
                ON_ROLL.key,
                "大专及以上学历党员占党员总数的比例。",
                _BULLETIN,
            ),
        ),
    )
)
