"""Rules of mutual aid: pure; money as exact Decimal yuan, dates passed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from config.lib.errors import RuleError
from config.lib.money import yuan
from members.choices.mutual import DonorKind, GiftForm

_FEN = Decimal("0.01")
# Local rule: more of one thing than this is a slip of the keyboard.
MOST_PIECES = 1_000_000
# Local rule: an account may be older than the portal, not older than this.
FIRST_DAY = date(1990, 1, 1)
# What each kind of donor must have, by the name of its field.
_NEEDS: dict[str, tuple[str, str]] = {
    DonorKind.MEMBER: ("member", "请写明是哪位党员。"),
    DonorKind.UNIT: ("unit", "请选择捐赠的单位。"),
    DonorKind.RESIDENT: ("donor_name", "请写明捐赠人；不愿留名的请选“匿名”。"),
    DonorKind.INFLOW: ("donor_name", "请写明来源，如“街道财政拨入”“账户原有结存”。"),
}


def receipt_number(year: int, serial: int) -> str:
    return f"互助{year}年第{serial:04d}号"


def is_honoured(amount: Decimal, limit: int) -> bool:
    """Whether a gift is worth a certificate beside its receipt."""
    return amount > limit


def check_covered(amount: Decimal, left: Decimal, of: str) -> None:
    """Raise RuleError where more is asked than `left`, what `of` still has."""
    if amount > left:
        raise RuleError(
            f"{of}只剩 {yuan(left)} 元可用（收入减去已付和待确认的），"
            f"不够 {yuan(amount)} 元；请核对金额。",
            code="amount",
        )


def check_opened(day: date, today: date) -> None:
    if not FIRST_DAY <= day <= today:
        raise RuleError(
            f"设立日期（{day}）应在{FIRST_DAY}到今天之间，请核对。", code="opened_on"
        )


def check_not_after_first(opened_on: date, days: Collection[date]) -> None:
    """Raise RuleError where an account would open after what it holds; `days` of it."""
    if days and opened_on > min(days):
        raise RuleError(
            f"账户在{min(days)}已有捐赠、支出或捐助活动，设立日期不能晚于这一天。",
            code="opened_on",
        )


def check_drive(starts_on: date, ends_on: date, opened_on: date) -> None:
    """Raise RuleError unless a drive begins with its account or later, then ends."""
    if ends_on < starts_on:
        raise RuleError(
            f"结束日期（{ends_on}）不能早于开始日期（{starts_on}），请核对。",
            code="ends_on",
        )
    if starts_on < opened_on:
        raise RuleError(
            f"开始日期（{starts_on}）不能早于账户设立日期（{opened_on}）。",
            code="starts_on",
        )


def check_window(days: Mapping[str, date], starts_on: date, ends_on: date) -> None:
    """Raise RuleError where gifts already recorded would fall out of the drive.

    `days` are those of its first and last gift, empty where there is none.
    """
    if days and (days["first"] < starts_on or days["last"] > ends_on):
        raise RuleError(
            f"这次活动已有{days['first']}到{days['last']}的捐赠，"
            "起止日期应当包括这些日子。",
            code="ends_on",
        )


def check_day(day: date, label: str, code: str, *, first: date, today: date) -> None:
    """Raise RuleError unless `day` lies from the account's opening to today."""
    if day > today:
        raise RuleError(f"{label}（{day}）不能晚于今天。", code=code)
    if day < first:
        raise RuleError(
            f"{label}（{day}）不能早于账户设立日期（{first}）；"
            "设立以前的，登记一笔“原有结存”。",
            code=code,
        )


def check_within_drive(day: date, starts_on: date, ends_on: date) -> None:
    if not starts_on <= day <= ends_on:
        raise RuleError(
            f"捐赠日期（{day}）不在这次活动的{starts_on}到{ends_on}里；"
            "平时的捐赠不选活动。",
            code="donated_on",
        )


def check_donor(kind: str, given: Mapping[str, Any]) -> None:
    """Raise RuleError unless it is said who gave, as far as he wants to be known."""
    if kind not in DonorKind:
        raise RuleError("请从所列的捐赠人类别中选择。", code="donor_kind")
    if (need := _NEEDS.get(kind)) is not None and not given[need[0]]:
        raise RuleError(need[1], code=need[0])


def check_goods(form: str, item: str, quantity: int | None, measure: str) -> None:
    """Raise RuleError unless goods have a name, a whole number and a measure.

    Money has none of them: rice written down as money could be paid out.
    """
    if form == GiftForm.MONEY:
        if item or quantity is not None:
            raise RuleError(
                "填了物品或数量，“捐什么”选的却是钱款；"
                "捐物的请选“物品”，捐钱的请清空物品和数量。",
                code="form",
            )
        return
    if not item:
        raise RuleError("捐物的请写明物品名称，如“大米”。", code="item")
    if quantity is None or not 1 <= quantity <= MOST_PIECES:
        raise RuleError(f"捐物的请写明数量，1到{MOST_PIECES}的整数。", code="quantity")
    if not measure:
        raise RuleError("捐物的请写明计量单位，如“袋”“件”。", code="measure")


def check_pieces(quantity: int | None, left: int, item: str, measure: str) -> int:
    """Return the number of pieces given out; never more than are in stock."""
    if quantity is None or quantity < 1:
        raise RuleError("发放物品的请写明数量，至少1。", code="quantity")
    if quantity > left:
        raise RuleError(
            f"“{item}”库存只剩 {left} {measure}（减去已发和待确认的），"
            f"不够 {quantity} {measure}。",
            code="quantity",
        )
    return quantity


def value_of(quantity: int, left: int, value_left: Decimal) -> Decimal:
    """What `quantity` of `left` pieces are worth; the last ones take what remains.

    Rounded down: rounded up, nothing might remain for the last ones, and what is worth
    nothing cannot go out.
    """
    if quantity == left:
        # SQLite sums in floating point, and says so in many places.
        return value_left.quantize(_FEN)
    share = value_left * quantity / left
    return share.quantize(_FEN, ROUND_DOWN)


def check_worth(amount: Decimal) -> None:
    if amount <= 0:
        raise RuleError(
            "折合下来不到一分钱，请把这批物品一次发完，或者多发几件一起登记。",
            code="quantity",
        )


def check_withdrawer(entered_by: Any, actor: Any) -> None:
    """Raise RuleError where whoever took a gift would also take it off the books.

    Local rule, after the separation of duties in 《会计法》第二十五条 (经办、审批分离).
    """
    if entered_by == actor:
        raise RuleError(
            "这笔捐赠是您登记的，撤回要由另一个人办理；"
            "请交街道或本社区的另一位负责人。",
            code="second_person",
        )


def check_closing(balance: Decimal, pieces: int, waiting: int) -> None:
    """Raise RuleError unless an account is empty and nothing waits."""
    if balance or pieces or waiting:
        raise RuleError(
            f"账户还有余额 {yuan(balance)} 元、库存物品 {pieces} 件、"
            f"待确认的支出 {waiting} 笔，不能关闭；"
            "余额转到别处的，登记一笔“划转、上缴”。",
            code="closing",
        )


def check_all_published(names: Collection[str]) -> None:
    """Raise RuleError where an account would close over drives not made public."""
    if names:
        raise RuleError(
            f"收到过捐赠的捐助活动（{'、'.join(names)}）还没有公示，"
            "请先登记公示，再关闭账户。",
            code="closing",
        )


def check_reason(words: str) -> str:
    if not words.strip():
        raise RuleError("请写明原因。", code="reason")
    return words.strip()
