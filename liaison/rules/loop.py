"""Pure rules of the liaison app."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from config.lib.errors import RuleError
from config.lib.periods import Period, period_containing

MAX_WORDS = 300


def check_entry(
    occurred_on: date, hours: Decimal, starts_on: date, today: date
) -> None:
    """Raise RuleError unless an entry lies within the card's life and is plausible."""
    if occurred_on > today:
        raise RuleError(
            f"日期 {occurred_on:%Y-%m-%d} 还没有到，请核对。", code="entry_in_future"
        )
    if occurred_on < starts_on:
        raise RuleError(
            f"日期早于建卡日期 {starts_on:%Y-%m-%d}，请核对。", code="entry_before_card"
        )
    if not 0 <= hours <= 24:
        raise RuleError("时长应在 0 到 24 小时之间。", code="entry_hours")


def feedback_round(kind: str, today: date, *, opens_days_before_end: int) -> Period:
    """Return the round of feedback that is, or was last, to be written on `today`.

    A round opens some days before its period ends, and stays the one in hand until
    the next opens.
    """
    current = period_containing(kind, today)
    if today >= current.end - timedelta(days=opens_days_before_end):
        return current
    return current.previous()


def due_on(period: Period, *, due_days_after_end: int) -> date:
    """Last day for writing the words of `period`, inclusive."""
    return period.end + timedelta(days=due_days_after_end - 1)


def rhythm_starts_on(kinds: Sequence[str], today: date, written: date | None) -> date:
    """First day on which a unit may change from one rhythm to another, `kinds`.

    A day on which periods of both begin, with no round begun later than it being
    written: `written` is the first day of the last one that was.
    """
    # The fewest periods a year: its ends are ends of the other kind too.
    period = min(
        (period_containing(kind, today) for kind in kinds), key=lambda p: p.start
    )
    while written is not None and period.start <= written:
        period = period.next()
    return period.start


def check_remark(grade: str, words: str, grades: list[str]) -> None:
    """Raise RuleError unless the grade is on the committee's list and words are there.

    Local rule: the grades are those of 民主评议党员, and the committee's to change.
    """
    if grade not in grades:
        raise RuleError(f"等次请从“{'、'.join(grades)}”中选择。", code="grade")
    if not words.strip():
        raise RuleError("请写一句评语。", code="words_missing")
    if len(words.strip()) > MAX_WORDS:
        raise RuleError(f"评语请不要超过 {MAX_WORDS} 字。", code="words_too_long")


def supplement_title(number: int) -> str:
    """How a supplement is called; empty for number 0, the packet itself."""
    return f"补充第{number}号" if number else ""


def is_reminder_due(
    *,
    sent_on: date,
    tried_on: Sequence[date],
    reached: int,
    today: date,
    every_days: int,
    at_most: int,
) -> bool:
    """Whether a unit's turn has come: `every_days` after what went before.

    `tried_on` are the days of all reminders of this delivery, `reached` counts those
    that went out: a refused one is tried again later and costs none of `at_most`.
    """
    if reached >= at_most:
        return False
    return today >= max([sent_on, *tried_on]) + timedelta(days=every_days)
