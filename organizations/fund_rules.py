"""Rules of funds: pure; money as exact Decimal yuan with two places, dates passed in.

Source of the steps: 宝应《为民服务经费办法》: 议、备、拨、做、付、验、公示.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from config.lib.errors import RuleError
from config.lib.money import yuan
from organizations.fund_choices import STEP_NAMES, FundStage

NOTHING = Decimal("0.00")
_FEN = Decimal("0.01")
# Local rule: more than ten columns before the point is a slip of the keyboard.
MOST_MONEY = Decimal("99999999.99")
# Local rule: a year is closed when its last month has begun, not before.
CLOSES_FROM_MONTH = 12
# Local rule: years that a project may be planned to take.
MOST_YEARS = 2

# The step that follows each; no step is skipped.
FOLLOWS: dict[str, str] = {
    FundStage.REGISTERED: FundStage.DISCUSSED,
    FundStage.DISCUSSED: FundStage.FILED,
    FundStage.FILED: FundStage.ALLOTTED,
    FundStage.ALLOTTED: FundStage.CARRIED_OUT,
    FundStage.CARRIED_OUT: FundStage.PAID,
    FundStage.PAID: FundStage.ACCEPTED,
    FundStage.ACCEPTED: FundStage.PUBLISHED,
}
PRECEDES: dict[str, str] = {after: before for before, after in FOLLOWS.items()}
STEPS: tuple[str, ...] = tuple(FOLLOWS.values())
# Stages in which money may be paid: once allotted, until all is said to be paid.
PAYABLE = frozenset({FundStage.ALLOTTED, FundStage.CARRIED_OUT})
# Money of the project is back with its line from here on.
SETTLED = frozenset({FundStage.ACCEPTED, FundStage.PUBLISHED})


@dataclass(frozen=True)
class Money:
    """How a line stands, in yuan."""

    allotted: Decimal
    reserved: Decimal
    paid: Decimal
    earmarked: Decimal = NOTHING

    @property
    def balance(self) -> Decimal:
        """What is there, money of waiting payments no longer counted."""
        return self.allotted - self.reserved - self.paid

    @property
    def free(self) -> Decimal:
        """What of it no project is to get."""
        return self.balance - self.earmarked


def total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)


def check_amount(
    amount: Decimal, label: str = "金额", *, code: str = "amount", least: Decimal = _FEN
) -> None:
    """Raise RuleError unless `amount` is money: two places, at least `least`."""
    # The size comes first: what has too many digits cannot be brought to the fen.
    if amount.is_finite() and abs(amount) > MOST_MONEY:
        raise RuleError(
            f"{label}最多 {yuan(MOST_MONEY)} 元，您填的是 {yuan(amount)} 元；"
            "单位是元，请核对是否多写了几位。",
            code=code,
        )
    if not amount.is_finite() or amount != amount.quantize(_FEN):
        raise RuleError(
            f"{label}最多写到分（两位小数），如 1200.50，请核对。", code=code
        )
    if amount < least:
        lowest = f"不少于 {yuan(least)} 元" if least else "不能是负数"
        raise RuleError(f"{label}{lowest}，您填的是 {yuan(amount)} 元。", code=code)


def check_covered(amount: Decimal, left: Decimal, of: str) -> None:
    """Raise RuleError where more is asked than `left`, what `of` still has."""
    if amount > left:
        raise RuleError(
            f"{of}只剩 {yuan(left)} 元可用（拨付减去已付和待确认的），"
            f"不够 {yuan(amount)} 元；请核对金额，或者先登记拨付。",
            code="amount",
        )


def check_day(day: date, year: int, today: date, label: str, code: str) -> None:
    """Raise RuleError unless `day` lies in the year whose money moves, not ahead."""
    if day > today:
        raise RuleError(f"{label}（{day}）不能晚于今天。", code=code)
    if day.year != year:
        raise RuleError(
            f"{label}（{day}）不在{year}年里；这里只记{year}年的收支，"
            f"{day.year}年的请到{day.year}年的经费里登记。",
            code=code,
        )


def check_year(year: int, today: date) -> None:
    """Raise RuleError for a year too far off to keep a budget for."""
    if not today.year - 1 <= year <= today.year + 1:
        raise RuleError(
            f"经费预算只能编{today.year - 1}年到{today.year + 1}年的，请核对年份。",
            code="year",
        )


def check_closing(year: int, today: date, *, waiting: int, earlier: int | None) -> None:
    """Raise RuleError unless a year may be closed.

    `waiting` payments are not confirmed; `earlier` is a year before that is open.
    """
    if today < date(year, CLOSES_FROM_MONTH, 1):
        raise RuleError(
            f"{year}年还没有到年底，{CLOSES_FROM_MONTH}月1日起才能年结。", code="year"
        )
    if earlier is not None:
        raise RuleError(f"{earlier}年还没有年结，请先结{earlier}年。", code="year")
    if waiting:
        raise RuleError(
            f"还有 {waiting} 笔付款等待确认；请先确认或者撤回，再年结。",
            code="waiting",
        )


def check_step(stage: str, step: str) -> None:
    """Raise RuleError unless `step` comes next."""
    due = FOLLOWS.get(stage)
    if due is None:
        raise RuleError("项目已经公示，所有步骤都办完了。", code="step")
    if step != due:
        raise RuleError(
            f"步骤不能跳过：项目{FundStage(stage).label}，"
            f"下一步是“{STEP_NAMES[due]}”，请先办这一步。",
            code="step",
        )


def check_step_day(day: date, *, last: date | None, today: date) -> None:
    if day > today:
        raise RuleError(f"办理日期（{day}）不能晚于今天。", code="done_on")
    if last is not None and day < last:
        raise RuleError(
            f"办理日期（{day}）不能早于上一步的日期（{last}），请核对。",
            code="done_on",
        )


def check_budget(budget: Decimal, allotted: Decimal) -> None:
    """Raise RuleError where a project's budget is less than what it has got."""
    check_amount(budget, "项目预算", code="budget")
    if budget < allotted:
        raise RuleError(
            f"项目预算（{yuan(budget)} 元）不能少于已经拨付的 {yuan(allotted)} 元。",
            code="budget",
        )


def check_planned_end(planned_end: date, year: int) -> None:
    if not year <= planned_end.year <= year + MOST_YEARS:
        raise RuleError(
            f"计划完成日期（{planned_end}）应在{year}年到{year + MOST_YEARS}年之间，"
            "请核对年份。",
            code="planned_end",
        )


def check_second_person(entered_by: Any, actor: Any) -> None:
    """Raise RuleError where one person would both enter and confirm.

    Local rule, after the separation of duties in 《会计法》第二十五条 (经办、审批分离).
    """
    if entered_by == actor:
        raise RuleError(
            "这笔付款是您登记的，要由另一个人确认；请交街道或本社区的另一位负责人办理。",
            code="second_person",
        )


def unspent_share(money: Money) -> Decimal:
    """How much of what came is not paid, in percent; nothing came, nothing left."""
    if money.allotted <= 0:
        return NOTHING
    return (money.allotted - money.paid) * 100 / money.allotted
