"""Rules of two-way contact with authorities: pure, dates passed in.

Source: 街道经验材料《街道党建创新》(双向联系制度): lists and notices go to and fro with
registration and competent authorities.
"""

from __future__ import annotations

from datetime import date

from config.lib.dates import months_after
from config.lib.errors import RuleError
from liaison.choices.authorities import ExchangeState

# How many months may lie between two exchanges; a slip of the keyboard is none.
RHYTHMS = (1, 2, 3, 6, 12)
# Local rules: more is a slip of the keyboard. Set by the portal.
MOST_UNITS = 300
MOST_YEARS_BACK = 10
MOST_MONTHS_TO_ANSWER = 24


def state_of(
    *,
    due_on: date | None,
    answered_on: date | None,
    left_open: str,
    is_withdrawn: bool,
    today: date,
) -> ExchangeState:
    """Where an exchange stands on a day."""
    if is_withdrawn:
        return ExchangeState.WITHDRAWN
    if answered_on is not None:
        return ExchangeState.LEFT if left_open else ExchangeState.ANSWERED
    if due_on is None:
        return ExchangeState.NOTED
    return ExchangeState.OVERDUE if due_on < today else ExchangeState.OPEN


def check_exchange(*, held_on: date, due_on: date | None, today: date) -> None:
    if held_on > today:
        raise RuleError("往来日期不能晚于今天；发出或收到以后再登记。", code="held_on")
    if held_on < months_after(today, -12 * MOST_YEARS_BACK):
        raise RuleError(
            f"往来日期早于{MOST_YEARS_BACK}年以前，请核对。", code="held_on"
        )
    if due_on is None:
        return
    if due_on < held_on:
        raise RuleError(
            f"答复期限（{due_on}）不能早于往来日期（{held_on}）。", code="due_on"
        )
    if due_on > months_after(held_on, MOST_MONTHS_TO_ANSWER):
        raise RuleError(
            f"答复期限（{due_on}）离往来日期太远，请核对年份。", code="due_on"
        )


def check_answer(answered_on: date, *, held_on: date, today: date) -> None:
    if answered_on > today:
        raise RuleError("答复日期不能晚于今天。", code="answered_on")
    if answered_on < held_on:
        raise RuleError(f"答复日期不能早于往来日期（{held_on}）。", code="answered_on")


def check_units(number: int) -> None:
    if number > MOST_UNITS:
        raise RuleError(
            f"一次最多写{MOST_UNITS}个单位，您选了{number}个；"
            "单位很多的，请把名单作为附件上传。",
            code="units",
        )


def check_rhythm(months: int | None) -> None:
    if months is not None and months not in RHYTHMS:
        names = "、".join(str(each) for each in RHYTHMS)
        raise RuleError(f"几个月一次只能是：{names}。", code="months")


def next_due(last_on: date, months: int) -> date:
    """The day by which the next exchange is due."""
    return months_after(last_on, months)
