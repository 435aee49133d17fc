"""Rules of Party-building instructors: pure, dates passed in."""

from __future__ import annotations

from datetime import date

from config.lib.dates import months_after
from config.lib.errors import RuleError

# Local rules: what lies beyond is a slip of the keyboard.
FIRST_YEAR, MOST_YEARS = 2000, 10


def check_term(starts_on: date, ends_on: date, today: date) -> None:
    """Raise RuleError unless the term has begun and ends after its first day."""
    if not date(FIRST_YEAR, 1, 1) <= starts_on <= today:
        raise RuleError(
            f"选派日期（{starts_on}）应在{FIRST_YEAR}年以后，不能晚于今天。",
            code="starts_on",
        )
    if not starts_on < ends_on <= months_after(starts_on, 12 * MOST_YEARS):
        raise RuleError(
            f"任期截止（{ends_on}）要晚于选派日期（{starts_on}），"
            f"不超过{MOST_YEARS}年，请核对。",
            code="ends_on",
        )


def check_within(day: date, *, starts_on: date, last: date, what: str) -> None:
    """Raise RuleError for a day before `starts_on` or after `last`."""
    if day < starts_on:
        raise RuleError(f"{what}（{day}）不能早于{starts_on}，请核对。", code="day")
    if day > last:
        raise RuleError(f"{what}（{day}）不能晚于{last}，请核对。", code="day")


def check_year(year: int, *, starts_on: date, last: date) -> None:
    """Raise RuleError for a year in which he was not in office, or to come."""
    if not starts_on.year <= year <= last.year:
        years = (
            f"{starts_on.year}年"
            if starts_on.year == last.year
            else f"{starts_on.year}年到{last.year}年"
        )
        raise RuleError(f"考核年度应为{years}，请核对。", code="year")
