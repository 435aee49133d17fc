"""Rules of pair building: pure, dates passed in.

Sources: 街道经验材料《街道党建创新》(结对共建：地域相邻、单位相近), and records
of pairs: partners, field, activities, what came of them.
"""

from __future__ import annotations

from datetime import date, timedelta

from config.lib.dates import months_after
from config.lib.errors import RuleError
from config.lib.periods import Quarter, Year
from liaison.choices.pairs import PAIR_FIELDS

# Local rules: more is a slip of the keyboard. Set by the portal.
MOST_PARTNERS = 10
MOST_YEARS_BACK = 20
MOST_MONTHS_AHEAD = 24


def check_field(field: str) -> None:
    if field not in PAIR_FIELDS:
        labels = "、".join(each.label for each in PAIR_FIELDS)
        raise RuleError(f"结对共建的领域只有：{labels}。", code="field")


def check_partners(number: int) -> None:
    if not number:
        raise RuleError("请至少选一个结对单位或结对党组织。", code="units")
    if number > MOST_PARTNERS:
        raise RuleError(
            f"一个对子最多{MOST_PARTNERS}个成员，您选了{number}个；请分开结对。",
            code="units",
        )


def check_begin(starts_on: date, today: date) -> None:
    if starts_on > today:
        raise RuleError("结对日期不能晚于今天；商定以后再登记。", code="starts_on")
    if starts_on < months_after(today, -12 * MOST_YEARS_BACK):
        raise RuleError(
            f"结对日期早于{MOST_YEARS_BACK}年以前，请核对。", code="starts_on"
        )


def check_end(ended_on: date, *, starts_on: date, today: date) -> None:
    if ended_on > today:
        raise RuleError("结束日期不能晚于今天。", code="ended_on")
    if ended_on <= starts_on:
        raise RuleError(f"结束日期应晚于结对日期（{starts_on}）。", code="ended_on")


def due_day(due_on: date | None, quarter: Quarter | None) -> date:
    """The last day by which a planned item is to be done: named, or of a quarter."""
    if due_on is not None and quarter is not None:
        raise RuleError("完成日期和季度只填一个。", code="due_on")
    if quarter is not None:
        return quarter.end - timedelta(days=1)
    if due_on is None:
        raise RuleError(
            "请填完成日期，或者选一个季度，到期提醒才有依据。", code="due_on"
        )
    return due_on


def check_due(due_on: date, *, starts_on: date, today: date) -> None:
    if due_on < starts_on:
        raise RuleError(
            f"完成期限（{due_on}）不能早于结对日期（{starts_on}）。", code="due_on"
        )
    last = months_after(today, MOST_MONTHS_AHEAD)
    if due_on > last:
        raise RuleError(
            f"完成期限（{due_on}）太远，最晚到{last}；请核对年份。", code="due_on"
        )


def check_activity_day(day: date, *, starts_on: date, ended_on: date | None) -> None:
    if day < starts_on:
        raise RuleError(
            f"这次活动在结对日期（{starts_on}）以前，不能列入。", code="activity"
        )
    if ended_on is not None and day >= ended_on:
        raise RuleError(
            f"这次活动在结对结束（{ended_on}）以后，不能列入。", code="activity"
        )


def check_year(year: int, *, starts_on: date, today: date) -> None:
    """Raise RuleError for a year in which the pair did not stand."""
    if not starts_on.year <= year <= today.year:
        raise RuleError(
            f"成效只写结对以来的年份（{starts_on.year}年至{today.year}年）。",
            code="year",
        )


def plan_due(starts_on: date, today: date, days: int) -> date:
    """The day by which the plan of the year is to be made."""
    return max(starts_on, Year.containing(today).start) + timedelta(days=days - 1)
