"""Rules of plaques at members' doors: pure, dates passed in.

Local rule, after the 党员挂牌 practice of streets: a household has one plaque, which
is taken down when nobody of it is a member here any more.
"""

from __future__ import annotations

from datetime import date

from config.lib.errors import RuleError

_PRACTICE = "（党员挂牌工作惯例：一户一牌）"


def check_hung(
    hung_on: date, *, badge_given_on: date | None, joined_on: date, today: date
) -> None:
    """Raise RuleError unless the plaque and badge can have come on these days."""
    if not joined_on <= hung_on <= today:
        raise RuleError(
            f"挂牌日期应在入党日期（{joined_on}）与今天之间。", code="hung_on"
        )
    if badge_given_on is not None and not joined_on <= badge_given_on <= today:
        raise RuleError(
            f"党徽发放日期应在入党日期（{joined_on}）与今天之间。",
            code="badge_given_on",
        )


def check_still_hung(is_hung: bool) -> None:
    """Raise RuleError once the plaque was taken down."""
    if not is_hung:
        raise RuleError("这块牌已经摘下，不能再修改。", code="taken_down")


def check_taken_down(taken_down_on: date, *, hung_on: date, today: date) -> None:
    """Raise RuleError unless the plaque can have been taken down on that day."""
    if not hung_on <= taken_down_on <= today:
        raise RuleError(f"摘牌日期应在挂牌日期（{hung_on}）与今天之间。", code="day")


def check_free(is_covered: bool, name: str) -> None:
    """Raise RuleError for somebody who lives behind a plaque already."""
    if is_covered:
        raise RuleError(
            f"{name}已在一个挂牌户内，不能重复登记；搬了家的请先在原户“移出”或摘牌。"
            f"{_PRACTICE}",
            code="covered",
        )


def check_not_last(others: int) -> None:
    """Raise RuleError where a household would have nobody left."""
    if not others:
        raise RuleError(
            f"户内只剩这一位党员，请办理摘牌，不用移出。{_PRACTICE}", code="last"
        )


def rate(covered: int, due: int) -> str:
    """Return the share in words, "—" of nobody."""
    return f"{covered / due:.1%}" if due else "—"
