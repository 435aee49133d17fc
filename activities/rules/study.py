"""Pure rules of study hours."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from config.lib.errors import RuleError

TEXT_LENGTH = 2000


def credited(together: Decimal, alone: Decimal, most: Decimal) -> tuple[Decimal, ...]:
    """Hours of one day to a member's credit: at meetings, and alone in what is left.

    Source: 学时管理办法，脱产培训一天计8学时 (a day gives no more).
    """
    counted = min(together, most)
    return counted, min(alone, most - counted)


def due_hours(target: int, tolerance: int, today: date) -> Decimal:
    """Hours a member should have by the end of `today`; below it he is behind.

    The target grows evenly over the year. Local rule: so many hours less are no delay.
    Source: 《中国共产党党员教育管理工作条例》 for the target.
    """
    begin, end = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    passed = Decimal((today - begin).days + 1) / (end - begin).days
    return max(Decimal(0), (target * passed).quantize(Decimal("0.1")) - tolerance)


def check_self_study(hours: Decimal, of_day: Decimal, most: int) -> None:
    """Raise RuleError when a day would hold more self-study than counts."""
    if hours <= 0:
        raise RuleError("学时应大于0。", code="hours")
    if hours + of_day > most:
        before = f"这一天已登记 {of_day.normalize():f} 学时，" if of_day else ""
        raise RuleError(
            f"自学一天最多登记 {most} 学时（依据：学时管理办法），{before}请核对。",
            code="hours",
        )


def check_answered_on(answered_on: date, studied_on: date, today: date) -> None:
    """Raise RuleError unless the answer came after the question and before tomorrow."""
    if not studied_on <= answered_on <= today:
        raise RuleError(
            f"解答日期应在自学日期 {studied_on:%Y-%m-%d} 之后、今天以前。",
            code="answered_on",
        )
