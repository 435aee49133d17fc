"""Rules of delegated matters (权随责走、费随事转): pure, dates passed in.

Source: 西城区、二七区、黄山市社区工作准入制度: apply, examine, admit by the joint
conference, withdraw; duty, power, money and people go together.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from config.lib.errors import RuleError
from config.lib.money import yuan
from organizations.fund_rules import NOTHING
from organizations.matter_choices import STEP_NAMES, MatterSpan, MatterState

# Which step may follow each state; nothing follows what is over.
FOLLOWS: dict[str, tuple[str, ...]] = {
    MatterState.APPLIED: (
        MatterState.EXAMINED,
        MatterState.REFUSED,
        MatterState.WITHDRAWN,
    ),
    MatterState.EXAMINED: (
        MatterState.ADMITTED,
        MatterState.REFUSED,
        MatterState.WITHDRAWN,
    ),
    MatterState.ADMITTED: (MatterState.ENDED,),
    MatterState.REFUSED: (),
    MatterState.WITHDRAWN: (),
    MatterState.ENDED: (),
}
# Steps that are the street's alone; a community may refuse and take back.
STREETS = frozenset({MatterState.EXAMINED, MatterState.ADMITTED, MatterState.ENDED})
# Steps that say why.
REASONED = frozenset({MatterState.REFUSED, MatterState.WITHDRAWN, MatterState.ENDED})
# Local rule: an earlier or later day is a slip of the keyboard.
FIRST_YEAR, MOST_YEARS_AHEAD = 2000, 20


def check_step(state: str, step: str) -> None:
    """Raise RuleError unless `step` may follow `state`."""
    may = FOLLOWS[state]
    if step in may:
        return
    label = MatterState(state).label
    if not may:
        raise RuleError(f"事项{label}，不能再办别的步骤。", code="step")
    names = "、".join(f"“{STEP_NAMES[each]}”" for each in may)
    raise RuleError(f"事项{label}，现在只能办{names}。", code="step")


def check_step_facts(
    step: str, *, done_on: date, last: date, today: date, document: str, words: str
) -> None:
    """Raise RuleError for a day out of order, or without what the step has to say."""
    if done_on > today:
        raise RuleError(f"办理日期（{done_on}）不能晚于今天。", code="done_on")
    if done_on < last:
        raise RuleError(
            f"办理日期（{done_on}）不能早于上一步的日期（{last}），请核对。",
            code="done_on",
        )
    if step == MatterState.ADMITTED and not document:
        raise RuleError(
            "准入由联席会议决定，请填写会议纪要的编号或名称。", code="document"
        )
    if step in REASONED and not words:
        raise RuleError(f"请写明{STEP_NAMES[step]}的原因。", code="words")


def check_days(starts_on: date, ends_on: date | None, span: str) -> None:
    """Raise RuleError unless a matter begins before it ends; a one-off one ends."""
    latest = FIRST_YEAR + 100
    if not FIRST_YEAR <= starts_on.year <= latest:
        raise RuleError(
            f"开始日期（{starts_on}）的年份不对，请核对。", code="starts_on"
        )
    if ends_on is None:
        if span == MatterSpan.ONCE:
            raise RuleError("一次性的事项要写明截止日期。", code="ends_on")
        return
    if ends_on < starts_on:
        raise RuleError(
            f"截止日期（{ends_on}）不能早于开始日期（{starts_on}）。", code="ends_on"
        )
    if ends_on.year > starts_on.year + MOST_YEARS_AHEAD:
        raise RuleError(
            f"截止日期（{ends_on}）超过{MOST_YEARS_AHEAD}年，请核对年份；"
            "没有期限的长期事项可以不填。",
            code="ends_on",
        )


def check_money_due(
    due: Decimal, due_on: date | None, starts_on: date, arrived: Decimal
) -> None:
    """Raise RuleError for money without a day, or less than what has arrived."""
    if due > 0 and due_on is None:
        raise RuleError("有应到经费的，请填写应到日期。", code="money_due_on")
    if due_on is not None and abs(due_on.year - starts_on.year) > MOST_YEARS_AHEAD:
        raise RuleError(
            f"应到日期（{due_on}）离开始日期太远，请核对年份。", code="money_due_on"
        )
    if due < arrived:
        raise RuleError(
            f"应到经费（{yuan(due)} 元）不能少于已经到账的 {yuan(arrived)} 元。",
            code="money_due",
        )


def check_arrival(
    amount: Decimal,
    *,
    received_on: date,
    applied_on: date,
    today: date,
    outstanding: Decimal,
) -> None:
    """Raise RuleError for money that cannot have come, or is more than is owed."""
    if received_on > today:
        raise RuleError(f"到账日期（{received_on}）不能晚于今天。", code="received_on")
    if received_on < applied_on:
        raise RuleError(
            f"到账日期（{received_on}）不能早于申请日期（{applied_on}），请核对。",
            code="received_on",
        )
    if amount > outstanding:
        raise RuleError(
            f"还应到 {yuan(outstanding)} 元，您填的是 {yuan(amount)} 元；"
            "请核对金额，应到经费有变的请街道先修改事项。",
            code="amount",
        )


def missing(
    *, power: str, money_due: Decimal, staff_posted: int, span: str
) -> list[str]:
    """What did not come along with the duty; `matter_querysets.lacking` asks the same.

    People go with long-term matters alone: a one-off one is paid by workload.
    """
    lacks = []
    if not power:
        lacks.append("权限")
    if money_due <= NOTHING:
        lacks.append("经费")
    if span == MatterSpan.LONG and not staff_posted:
        lacks.append("人员")
    return lacks
