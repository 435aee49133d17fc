"""Rules of moving the formal relation: pure, dates and settings passed in.

Source: 《中国共产党党员教育管理工作条例》第二十五条;
《中国共产党组织关系介绍信》 forms and their notes for the letter itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TypeVar

from config.lib.errors import RuleError
from members.choices import MembershipStatus, TransferDirection, TransferState

Roll = TypeVar("Roll")
NOTE_LENGTH = 400
_DIGITS = "零壹贰叁肆伍陆柒捌玖"

# What may follow what. A letter that is lost or past its days is not accepted any
# more once another has been issued in its place.
NEXT: dict[str, frozenset[str]] = {
    TransferState.DRAFTED: frozenset({TransferState.ISSUED, TransferState.WITHDRAWN}),
    TransferState.ISSUED: frozenset(
        {
            TransferState.ACCEPTED,
            TransferState.EXPIRED,
            TransferState.LOST,
            TransferState.WITHDRAWN,
        }
    ),
    TransferState.EXPIRED: frozenset({TransferState.ACCEPTED, TransferState.WITHDRAWN}),
    TransferState.LOST: frozenset({TransferState.WITHDRAWN}),
    TransferState.ACCEPTED: frozenset(
        {TransferState.RECEIPTED, TransferState.WITHDRAWN}
    ),
    TransferState.RECEIPTED: frozenset(),
    TransferState.WITHDRAWN: frozenset(),
}
# May another letter be issued in its place.
REISSUABLE = frozenset({TransferState.EXPIRED, TransferState.LOST})
_ALL = frozenset(TransferDirection)
_OUT = frozenset({TransferDirection.OUT})
# Which ways know a state: only a letter of the street's own expires or is lost, only
# with a letter a receipt goes back.
_WAYS_OF_STATE: dict[str, frozenset[str]] = {
    TransferState.DRAFTED: _OUT,
    TransferState.ISSUED: frozenset({TransferDirection.OUT, TransferDirection.WITHIN}),
    TransferState.EXPIRED: _OUT,
    TransferState.LOST: _OUT,
    TransferState.ACCEPTED: _ALL,
    TransferState.RECEIPTED: frozenset({TransferDirection.OUT, TransferDirection.IN}),
    TransferState.WITHDRAWN: _ALL,
}
# What has been accepted is taken back only where it came in by mistake.
_WAYS_OF: dict[tuple[str, str], frozenset[str]] = {
    (TransferState.ACCEPTED, TransferState.WITHDRAWN): frozenset({TransferDirection.IN})
}
_MAY_TRANSFER = frozenset({MembershipStatus.NORMAL})


def in_capitals(number: int) -> str:
    """Return 1 to 999 in the numerals of cheques: 30 is 叁拾, 105 is 壹佰零伍."""
    if not 1 <= number <= 999:
        raise ValueError("only 1 to 999")
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}佰" if hundreds else ""
    if tens:
        text += f"{_DIGITS[tens]}拾"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def letter_number(year: int, serial: int) -> str:
    """Return the number as it stands on all three parts of the letter."""
    return f"\u3014{year}\u3015第{serial:04d}号"


def valid_until(issued_on: date, valid_days: int) -> date:
    """Return the last day of a letter; the day of issue is its first."""
    return issued_on + timedelta(days=valid_days - 1)


def may_follow(state: str, wanted: str, direction: str) -> bool:
    """Whether `wanted` may follow `state` for a transfer of this direction."""
    ways = _WAYS_OF.get((state, wanted), _WAYS_OF_STATE[wanted])
    return wanted in NEXT[state] and direction in ways


def check_next(state: str, wanted: str, direction: str) -> None:
    """Raise RuleError unless `wanted` may follow `state`."""
    if not may_follow(state, wanted, direction):
        now, then = TransferState(state).label, TransferState(wanted).label
        raise RuleError(
            f"这件转接现在是“{now}”，不能办理“{then}”。请刷新页面，看看是否已有人办过。",
            code="transfer_state",
        )


def check_person(status: str) -> None:
    """Raise RuleError unless the relation of somebody of this status can move."""
    if status not in _MAY_TRANSFER:
        label = MembershipStatus(status).label
        raise RuleError(
            f"该同志党籍状态为“{label}”，不能转接组织关系；"
            "须先按程序恢复党籍或改正状态（《党员教育管理工作条例》第二十四、二十五条）。",
            code="transfer_status",
        )


def check_foreign(number: str, source_name: str) -> None:
    """Raise RuleError unless it is said which letter of whom was brought."""
    if not number.strip() or not source_name.strip():
        raise RuleError(
            "请填写来函编号和转出党组织，与介绍信上一致；回执要按它们寄回。",
            code="foreign_number",
        )


def check_amendable(state: str) -> None:
    """Raise RuleError once a letter has its number: then it is withdrawn instead."""
    if state != TransferState.DRAFTED:
        raise RuleError(
            f"这件转接现在是“{TransferState(state).label}”，不能再修改；"
            "写错了的请撤回后重新登记。",
            code="transfer_state",
        )


def check_alone(is_waiting: bool) -> None:
    """Raise RuleError where a person has a transfer on its way already."""
    if is_waiting:
        raise RuleError(
            "该同志已有一件转接正在办理，不能重复登记；请先办结或撤回那一件。",
            code="transfer_waiting",
        )


def check_roll(roll: Roll | None) -> Roll:
    """Return the relation that shall move. Raises RuleError where it is no more."""
    if roll is None:
        raise RuleError(
            "该同志已不在转出党支部在册，这件转接不能继续，请撤回。", code="not_on_roll"
        )
    return roll


def check_validity(valid_days: int | None, most: int) -> int:
    """Return the days. Raises RuleError unless a letter may be valid for so many."""
    if valid_days is None or not 1 <= valid_days <= most:
        raise RuleError(
            f"介绍信有效期应为1至{most}天（一般市内10天、市外30天，"
            "最长不超过3个月），请改正有效期天数。",
            code="valid_days",
        )
    return valid_days


def check_dues(dues_paid_to: date, today: date) -> None:
    """Raise RuleError for a month that cannot be the last one paid."""
    if dues_paid_to.year < 1921 or dues_paid_to > date(today.year + 1, 12, 1):
        raise RuleError(
            "“党费交至”的月份不对，请按最后一次交纳的月份填写。", code="dues_paid_to"
        )


def check_accepted(
    accepted_on: date,
    *,
    issued_on: date | None,
    starts_on: date,
    last_day: date | None,
    today: date,
) -> None:
    """Raise RuleError unless the other side can have accepted on that day."""
    if accepted_on > today:
        raise RuleError("接收日期不能晚于今天。", code="accepted_future")
    first = max(issued_on or starts_on, starts_on)
    if accepted_on < first:
        raise RuleError(
            f"接收日期不能早于{first}（开具日期、在原支部的开始日期两者中较晚的一天）。",
            code="accepted_early",
        )
    if last_day is not None and accepted_on > last_day:
        raise RuleError(
            f"介绍信到{last_day}已失效，之后不能接收；请补开介绍信，"
            "或改正接收日期（介绍信有效期最长3个月）。",
            code="accepted_late",
        )


def check_received(
    accepted_on: date, *, issued_on: date, valid_days: int, most: int, today: date
) -> date:
    """Return the last day of a letter from outside that a branch may accept.

    Raises RuleError for days that cannot be, and for a letter past its days: the
    other side must issue another.
    """
    last_day = valid_until(issued_on, check_validity(valid_days, most))
    if accepted_on > today:
        raise RuleError("接收日期不能晚于今天。", code="starts_future")
    if accepted_on < issued_on:
        raise RuleError(
            f"接收日期不能早于介绍信的开具日期（{issued_on}）。", code="accepted_early"
        )
    if accepted_on > last_day:
        raise RuleError(
            f"这封介绍信到{last_day}已失效，不能凭它接收；"
            "请联系原党组织重新开具（介绍信有效期最长3个月）。",
            code="accepted_late",
        )
    return last_day


def check_receipt(receipt_on: date, *, accepted_on: date | None, today: date) -> None:
    """Raise RuleError unless the receipt can have come back on that day."""
    if accepted_on is None or not accepted_on <= receipt_on <= today:
        raise RuleError(
            f"回执日期应在接收日期（{accepted_on}）与今天之间。", code="receipt_day"
        )


def check_together(count: int, most: int) -> None:
    """Raise RuleError unless so many may be done in one go."""
    if not count:
        raise RuleError("还没有勾选，请先勾选要办理的党员。", code="nobody")
    if count > most:
        raise RuleError(
            f"一次最多办理{most}人，现在勾选了{count}人，请分几次办理。",
            code="too_many",
        )


def refused_together(problems: list[tuple[str, str]]) -> RuleError:
    """Return one error that says of everybody named why nothing was done."""
    lines = "；".join(f"{name}：{reason}" for name, reason in problems[:20])
    more = f"……等{len(problems)}人" if len(problems) > 20 else ""
    return RuleError(
        f"没有办理，请先处理下列各人，或不勾选他们：{lines}{more}", code="together"
    )


def joined_notes(before: str, words: str) -> str:
    """Return what was written down so far and the new words, at most NOTE_LENGTH."""
    if not words.strip():
        raise RuleError("请写明原因，以便日后查考。", code="words")
    joined = "；".join(filter(None, (before, words.strip())))
    if len(joined) > NOTE_LENGTH:
        left = NOTE_LENGTH - len(before) - 1
        raise RuleError(f"连同以前的说明太长，请缩短到{left}字以内。", code="words")
    return joined
