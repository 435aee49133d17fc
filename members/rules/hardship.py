"""Rules of the care for members in difficulty: pure, dates and settings passed in.

Source: the usual way of 困难党员帮扶 (application, branch meeting, the committee above,
publicity, paid by a home visit), told to users as `_USUAL`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from config.lib.errors import RuleError
from members.choices import MembershipStatus
from members.choices.hardship import CaseState, Level

WORDS_LENGTH = 500
_USUAL = "困难党员帮扶办法：本人申请、支部大会评议、上级审核、公示后认定"
_LINE = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{1,2})\s+(?P<amount>\d+(?:\.\d{1,2})?)"
)

OPEN_STATES = (CaseState.APPLIED, CaseState.DISCUSSED, CaseState.RECOGNIZED)
WAITING_STATES = (CaseState.APPLIED, CaseState.DISCUSSED)

# What may follow what. A meeting written down wrongly is written down again.
NEXT: dict[str, frozenset[str]] = {
    CaseState.APPLIED: frozenset(
        {CaseState.DISCUSSED, CaseState.REFUSED, CaseState.WITHDRAWN}
    ),
    CaseState.DISCUSSED: frozenset(
        {
            CaseState.DISCUSSED,
            CaseState.RECOGNIZED,
            CaseState.REFUSED,
            CaseState.WITHDRAWN,
        }
    ),
    CaseState.RECOGNIZED: frozenset({CaseState.ENDED}),
    CaseState.REFUSED: frozenset(),
    CaseState.WITHDRAWN: frozenset(),
    CaseState.ENDED: frozenset(),
}


def may_follow(state: str, wanted: str) -> bool:
    return wanted in NEXT[state]


def check_next(state: str, wanted: str) -> None:
    """Raise RuleError unless `wanted` may follow `state`."""
    if not may_follow(state, wanted):
        now, then = CaseState(state).label, CaseState(wanted).label
        raise RuleError(
            f"这件申请现在是“{now}”，不能办理“{then}”。请刷新页面，看看是否已有人办过。",
            code="case_state",
        )


def check_amendable(state: str) -> None:
    """Raise RuleError once the branch has discussed what was written down."""
    if state != CaseState.APPLIED:
        raise RuleError(
            f"这件申请现在是“{CaseState(state).label}”，支部大会讨论过的内容不能再改；"
            "情况有变化的，认定以后在复核时登记。",
            code="case_state",
        )


def check_person(status: str) -> None:
    """Raise RuleError unless somebody of this membership status can be cared for."""
    if status != MembershipStatus.NORMAL:
        label = MembershipStatus(status).label
        raise RuleError(
            f"该同志党籍状态为“{label}”，不能申请；帮扶对象是组织关系在本支部、"
            f"党籍正常的党员（{_USUAL}）。",
            code="case_status",
        )


def check_circumstances(
    kinds: Sequence[str], criteria: Sequence[str], words: str
) -> None:
    """Raise RuleError unless it is said why and by which criteria somebody is."""
    if not kinds or not criteria:
        raise RuleError(
            "请至少选一项困难类型和一项认定条件；都不符合的不能申请（《困难党员认定条件》"
            "见参数）。",
            code="criteria",
        )
    if len(words) > WORDS_LENGTH:
        raise RuleError(f"情况说明请控制在{WORDS_LENGTH}字以内。", code="words")


def check_day(day: date, label: str, *, first: date | None, today: date) -> None:
    """Raise RuleError unless `day` lies from `first` (inclusive) to today."""
    if day > today:
        raise RuleError(f"{label}不能晚于今天。", code="day")
    if first is not None and day < first:
        raise RuleError(f"{label}不能早于{first}，请按办理的先后核对。", code="day")


def check_eligible(is_eligible: bool) -> None:
    """Raise RuleError where the branch has not looked at what excludes somebody."""
    if not is_eligible:
        raise RuleError(
            "支部大会须先核对：民主评议定为不合格、无正当理由不履行党员义务的，"
            "不列入帮扶对象（困难党员帮扶办法：不在帮扶对象之列的情形）。",
            code="is_eligible",
        )


def check_publicity(met_on: date, first: date, last: date, days: int) -> None:
    """Raise RuleError unless publicity follows the meeting and lasts long enough."""
    if first < met_on:
        raise RuleError(
            "公示应在支部大会之后开始，请核对公示日期。", code="public_from"
        )
    if (last - first).days + 1 < days:
        until = first + timedelta(days=days - 1)
        raise RuleError(
            f"公示不少于{days}天，从{first}起应公示到{until}或以后（{_USUAL}；"
            "天数在“参数”里）。",
            code="public_until",
        )


def check_recognition(day: date, public_until: date | None, today: date) -> None:
    """Raise RuleError unless somebody can have been recognized on that day."""
    if public_until is None or day <= public_until:
        raise RuleError(
            f"公示到{public_until}才期满，期满没有异议的方可认定（{_USUAL}）。",
            code="recognized_on",
        )
    if day > today:
        raise RuleError("认定日期不能晚于今天。", code="recognized_on")


def check_review(day: date, last: date, today: date) -> None:
    """Raise RuleError unless a review can have been held after the last finding."""
    if day > today:
        raise RuleError("复核日期不能晚于今天。", code="reviewed_on")
    if day <= last:
        raise RuleError(
            f"{last}已经认定或复核过，复核日期应在它之后；同一天不必重复登记。",
            code="reviewed_on",
        )


def check_reviewer(may_recognize: bool, *, is_kept: bool) -> None:
    """Raise RuleError where a branch alone would change what a committee found."""
    if not may_recognize and not is_kept:
        raise RuleError(
            "级别有变化、或不再困难的，要由认定的党组织复核登记；"
            f"请报困难帮扶专干办理（{_USUAL}）。",
            code="level",
        )


def check_words(words: str) -> str:
    """Return the reason. Raises RuleError where none is given."""
    words = words.strip()
    if not words or len(words) > WORDS_LENGTH:
        raise RuleError(
            f"请写明原因，{WORDS_LENGTH}字以内，以便日后查考。", code="words"
        )
    return words


# Aid -------------------------------------------------------------------------------


def check_aid(
    state: str,
    *,
    given_on: date,
    recognized_on: date | None,
    applied_on: date,
    urgent_reason: str,
    today: date,
) -> None:
    """Raise RuleError unless aid can have been given on that day.

    Before the recognition only in an emergency, with the reason.
    """
    if state not in OPEN_STATES:
        raise RuleError(
            f"这件申请现在是“{CaseState(state).label}”，不能再登记帮扶；"
            "仍有困难的请重新申请。",
            code="case_state",
        )
    check_day(given_on, "帮扶日期", first=applied_on, today=today)
    is_before = recognized_on is None or given_on < recognized_on
    if is_before and not urgent_reason.strip():
        raise RuleError(
            f"还没有认定，帮扶须在认定以后；急难的可以先帮扶，请写明急难原因（{_USUAL}）。",
            code="urgent_reason",
        )


def check_amount(amount: Decimal) -> None:
    if amount < 0:
        raise RuleError("金额不能小于0；只有实物的填折合金额或0。", code="amount")


# The line of minimum living allowance ------------------------------------------------


def parse_line(text: str) -> tuple[date, Decimal]:
    """Read "2025-07 1000" into the first day and yuan a head a month."""
    found = _LINE.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        first = date(int(found["year"]), int(found["month"]), 1)
        return first, Decimal(found["amount"])
    except (ValueError, InvalidOperation):
        raise RuleError(
            f"“{text[:30]}”读不出来，请写成“2025-07 1000”：起始年月，空格，元数。",
            code="lines",
        ) from None


def check_lines(lines: Sequence[str]) -> None:
    """Raise RuleError unless each line can be read and they follow in time."""
    days = [parse_line(text)[0] for text in lines]
    if days != sorted(set(days)):
        raise RuleError(
            "各行应按起始年月从早到晚排列，同一个月只写一行。", code="lines"
        )


def check_levels(levels: Sequence[str]) -> None:
    if len(levels) != len(Level):
        raise RuleError("困难级别应为三级，由重到轻，请只改名称。", code="levels")


def line_on(lines: Sequence[str], day: date) -> Decimal | None:
    """Return the line in force on `day`; None before the first one known."""
    known = [amount for first, amount in map(parse_line, lines) if first <= day]
    return known[-1] if known else None


def against_line(income: Decimal, line: Decimal | None) -> str:
    """Say how an income stands to the line, as the pages show it."""
    if not line:
        return "当时的低保标准没有登记"
    share = (income * 100 / line).quantize(Decimal(1), ROUND_HALF_UP)
    word = "低于" if income < line else "等于" if income == line else "高于"
    return f"{word}低保标准（每月{line:.0f}元），为其{share}%"
