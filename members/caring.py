"""What the pages of the care for members in difficulty show, ready to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from members.choices.hardship import CaseState, Level
from members.models import HardshipCase
from members.parameters.hardship import LEVELS, LINES, REVIEW_DAYS
from members.rules.hardship import against_line, line_on
from organizations import parameters
from organizations.models import User

TONES = {
    CaseState.APPLIED: "info",
    CaseState.DISCUSSED: "info",
    CaseState.RECOGNIZED: "warn",
    CaseState.REFUSED: "mute",
    CaseState.WITHDRAWN: "mute",
    CaseState.ENDED: "ok",
}

Cases = QuerySet[HardshipCase]


def without_aid(cases: Cases, today: date) -> Cases:
    """Recognized cases without aid in the year of `today`."""
    return cases.recognized().with_aid_of(today.year).filter(aid_count=None)


def to_review(cases: Cases, today: date) -> Cases:
    """Recognized cases last looked at too long ago."""
    since = today - timedelta(days=parameters.get(REVIEW_DAYS))
    return cases.recognized().with_last_finding().filter(found_on__lt=since)


@dataclass(frozen=True)
class Need:
    """A filter for what is still to do."""

    label: str
    find: Callable[[Cases, date], Cases]


NEEDS = {
    "waiting": Need("等待讨论或认定", lambda cases, today: cases.waiting()),
    "unaided": Need("今年还没有帮扶", without_aid),
    "review": Need("到期未复核", to_review),
}


def level_labels() -> dict[str, str]:
    """What the committee calls each level, from the heaviest."""
    return dict(zip(Level.values, parameters.get(LEVELS), strict=True))


def filtered(user: User, data: dict[str, Any] | None, today: date) -> Cases:
    """Cases that `user` sees and the filters leave; None for filters not understood."""
    cases = HardshipCase.objects.visible_to(user)
    if data is None:
        return cases.none()
    for name in ("state", "level"):
        if data.get(name):
            cases = cases.filter(**{name: data[name]})
    if need := NEEDS.get(data.get("needs", "")):
        cases = need.find(cases, today)
    return cases


def shown(cases: Cases, year: int) -> Cases:
    """The cases with all that a row shows of them."""
    return (
        cases.with_branch()
        .with_aid_of(year)
        .with_last_finding()
        .select_related("member")
    )


def dress(cases: Iterable[Any]) -> list[Any]:
    """Give each case its tone, and its level in the committee's words."""
    labels = level_labels()
    found = list(cases)
    for case in found:
        case.tone = TONES[case.state]
        case.level_label = labels.get(case.level, "")
    return found


def income_words(case: HardshipCase) -> str:
    """The income when it was applied for, and how it stood to the line."""
    line = line_on(parameters.get(LINES), case.applied_on)
    words = against_line(case.income_per_head, line)
    return f"每月{case.income_per_head}元，{words}"


def facts_of(case: Any) -> list[tuple[str, Any]]:
    """What was asked for and decided, in the order of the steps."""
    facts: list[tuple[str, Any]] = [
        ("姓名", case.member.name),
        ("在册党支部", case.branch_name),
        ("申请日期", case.applied_on),
        ("困难类型", "、".join(case.kind_labels)),
        ("认定条件", "；".join(case.criteria_labels)),
        ("家庭人口", f"{case.household_size}人"),
        ("家庭人均收入", income_words(case)),
        ("情况说明", case.words),
    ]
    if case.met_on:
        facts += [
            ("支部大会", case.met_on),
            ("支部大会意见", case.meeting_words),
            ("公示", f"{case.public_from} 至 {case.public_until}"),
        ]
    if case.recognized_on:
        facts += [
            ("认定日期", case.recognized_on),
            ("认定机关", case.recognized_body),
            ("困难级别", case.level_label),
        ]
    if case.ended_on:
        facts += [
            ("办结日期", case.ended_on),
            ("办结原因", case.get_end_reason_display()),
            ("办结说明", case.closing_words),
        ]
    return facts


@dataclass(frozen=True)
class YearList:
    """Everybody recognized or helped in a year, and what it comes to."""

    year: int
    cases: list[Any]
    levels: list[tuple[str, int]]
    aid_count: int
    aid_sum: Decimal


def year_list(user: User, year: int) -> YearList:
    """The list of a year within the scope of `user`, by branch and name."""
    lasting = Q(recognized_on__year__lte=year) & (
        Q(ended_on=None) | Q(ended_on__year__gte=year)
    )
    cases = dress(
        shown(HardshipCase.objects.visible_to(user), year)
        .filter(lasting | Q(aid_count__gt=0))
        .order_by("branch_name", "member__name_pinyin", "pk")
    )
    recognized = [case.level for case in cases if case.recognized_on]
    return YearList(
        year,
        cases,
        [(label, recognized.count(key)) for key, label in level_labels().items()],
        sum(case.aid_count or 0 for case in cases),
        sum((case.aid_sum or Decimal(0) for case in cases), Decimal(0)),
    )
