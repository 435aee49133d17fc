"""Rules of dues: pure, months as their first day, money as exact Decimals.

Source: 《关于中国共产党党费收缴、使用和管理的规定》（2008）.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from config.lib.errors import RuleError
from members.choices.dues import DuesRounding, PayerKind

REGULATION = "《关于中国共产党党费收缴、使用和管理的规定》"
# Kinds whose dues are a share of an income, and those whose dues are one sum for all.
OF_SALARY = frozenset(
    {PayerKind.EMPLOYED, PayerKind.ANNUAL_SALARY, PayerKind.SELF_EMPLOYED}
)
OF_INCOME = OF_SALARY | {PayerKind.RETIRED}
FIXED = frozenset({PayerKind.STUDENT, PayerKind.LAID_OFF, PayerKind.RELIEF})
REASON_LENGTH = 200
# Local rule: months that may be paid ahead, and months of one entry.
MOST_AHEAD = 12
MOST_MONTHS = 24
MOST_MONEY = Decimal(1_000_000)
_QUANTA: dict[str, Decimal] = {
    DuesRounding.FEN: Decimal("0.01"),
    DuesRounding.JIAO: Decimal("0.1"),
}

Rates = Sequence[Sequence]


@dataclass(frozen=True)
class Table:
    """The rates in force: shares of income by step, and the sums that are fixed."""

    salary: Rates
    pension: Rates
    fixed: Decimal
    farmer_least: Decimal
    farmer_most: Decimal
    rounding: str = DuesRounding.FEN


def share_of(base: Decimal, rates: Rates) -> Decimal:
    """The whole amount at the rate of its step, upper bounds in; 第二条、第五条."""
    for upper, percent in rates:
        if upper is None or base <= upper:
            return base * Decimal(percent) / 100
    raise ValueError("rates without an open last step")


def due_of(kind: str, value: Decimal | None, table: Table) -> Decimal:
    """What a member pays a month, rounded half up.

    `value` is the income for those who pay a share of it, the sum itself for farmers
    and for those to whom a reduction was granted.
    """
    if kind in FIXED:
        return table.fixed
    if value is None:
        raise ValueError(f"dues of {kind} need a value")
    if kind not in OF_INCOME:
        return value
    rates = table.pension if kind == PayerKind.RETIRED else table.salary
    return share_of(value, rates).quantize(_QUANTA[table.rounding], ROUND_HALF_UP)


def check_value(kind: str, value: Decimal | None, table: Table) -> None:
    """Raise RuleError unless `value` can stand for what `kind` pays from."""
    if kind in FIXED:
        return
    if value is None or not 0 <= value <= MOST_MONEY:
        what = "每月应交金额" if kind not in OF_INCOME else "核算基数（月收入）"
        raise RuleError(f"请填写{what}，不能是负数。", code="value")
    if kind in OF_INCOME and value == 0:
        raise RuleError(
            "核算基数为0的，请按学生、下岗失业或靠抚恤救济选择缴费类别"
            f"（{REGULATION}第六条）。",
            code="value",
        )
    least, most = table.farmer_least, table.farmer_most
    if kind == PayerKind.FARMER and not least <= value <= most:
        raise RuleError(
            f"农民党员每月交{least}元至{most}元（{REGULATION}第六条）。", code="value"
        )


def step(month: date, number: int) -> date:
    """The month so many after (before where negative) a month."""
    years, index = divmod(month.month - 1 + number, 12)
    return date(month.year + years, index + 1, 1)


def months_between(first: date, last: date) -> int:
    """Months from the one to the other; negative backwards."""
    return (last.year - first.year) * 12 + last.month - first.month


def months_of(first: date, last: date) -> list[date]:
    return [step(first, n) for n in range(months_between(first, last) + 1)]


def paid_to(opened_to: date, months: Iterable[date]) -> date:
    """The last month paid without a gap since the ledger was opened."""
    paid, last = set(months), opened_to
    while (following := step(last, 1)) in paid:
        last = following
    return last


def last_due(today: date) -> date:
    """The last month that is over: the present one may still be paid in time."""
    return step(today.replace(day=1), -1)


def behind(paid_to: date, today: date) -> int:
    """Whole months for which dues are owed; 0 for whoever is ahead."""
    return max(0, months_between(paid_to, last_due(today)))


def check_month(month: date, today: date) -> None:
    """Raise RuleError unless dues can be paid for the month now."""
    if months_between(today.replace(day=1), month) > MOST_AHEAD:
        raise RuleError(
            f"党费最多预交{MOST_AHEAD}个月，请核对月份（{REGULATION}第十二条：按月交纳）。",
            code="month",
        )


def check_months(first: date, last: date, opened_to: date | None, today: date) -> None:
    """Raise RuleError unless one entry can pay from the one month to the other."""
    if last < first:
        raise RuleError("“交至”月份不能早于“从”月份。", code="last")
    if months_between(first, last) >= MOST_MONTHS:
        raise RuleError(f"一次最多登记{MOST_MONTHS}个月，请分次登记。", code="last")
    check_month(last, today)
    if opened_to is not None and first <= opened_to:
        raise RuleError(
            f"台账写明{opened_to:%Y-%m}及以前已经交清，请从{step(opened_to, 1):%Y-%m}"
            "登记；写错了的，先改“此前已交至”。",
            code="first",
        )


def check_paid(paid: Decimal | None, due: Decimal | None) -> Decimal:
    """Return what was paid; raise RuleError where it is less than what is due."""
    if paid is None:
        paid = due
    if paid is None:
        raise RuleError("还没有核定每月应交多少，请填写实交金额。", code="paid")
    if not 0 <= paid <= MOST_MONEY or (due is None and paid == 0):
        raise RuleError("实交金额须大于0，请核对。", code="paid")
    if due is not None and paid < due:
        raise RuleError(
            f"实交{paid}元少于应交{due}元。确有困难的，请先登记少交或免交"
            f"（{REGULATION}第七条）。",
            code="paid",
        )
    return paid


def check_paid_on(paid_on: date, today: date) -> None:
    if paid_on > today:
        raise RuleError("交纳日期不能晚于今天。", code="paid_on")


def check_reason(reason: str, approver: str) -> None:
    """Raise RuleError unless a reduction says why and who approved it; 第七条."""
    if not reason.strip():
        raise RuleError(
            f"请写明交纳党费的实际困难（{REGULATION}第七条）。", code="reason"
        )
    if len(reason) > REASON_LENGTH:
        raise RuleError(f"理由请控制在{REASON_LENGTH}字以内。", code="reason")
    if not approver.strip():
        raise RuleError(
            f"少交、免交须经支部研究、报上一级党委批准，请写明批准的党委"
            f"（{REGULATION}第七条）。",
            code="approver",
        )


def check_opening(opened_to: date, joined_on: date, today: date) -> None:
    """Raise RuleError unless dues can be paid up to that month."""
    check_month(opened_to, today)
    if opened_to < step(joined_on.replace(day=1), -1):
        raise RuleError(
            f"交至月份不能早于入党（{joined_on:%Y-%m}）以前，"
            f"预备党员从支部大会通过之日起交纳（{REGULATION}第八条）。",
            code="paid_to",
        )
