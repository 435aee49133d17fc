"""Rules of lost contact: pure, dates and settings passed in."""

from __future__ import annotations

from datetime import date

from config.lib.errors import RuleError
from members.choices import MembershipStatus
from members.choices.standing import LostState

WORDS_LENGTH = 1000


def check_lost(*, status: str, is_open: bool) -> None:
    """Raise RuleError unless a case can be opened for somebody."""
    if is_open:
        raise RuleError("该同志已有在办的失联处置，请在原件上继续。", code="lost_open")
    if status != MembershipStatus.NORMAL:
        raise RuleError(
            f"该同志的党籍状态为“{MembershipStatus(status).label}”，不再登记失联。",
            code="lost_status",
        )


def check_since(since: date, *, joined_on: date, today: date) -> None:
    """Raise RuleError unless contact can have been lost on that day."""
    if since > today:
        raise RuleError("失去联系日期不能晚于今天。", code="since")
    if since < joined_on:
        raise RuleError(
            f"失去联系日期不能早于入党日期（{joined_on}），请核对。", code="since"
        )


def check_searching(state: str) -> None:
    """Raise RuleError unless the search goes on; also while one is suspended."""
    if state not in {LostState.SEARCHING, LostState.SUSPENDED}:
        raise RuleError("这件失联处置已经办结，不能再改。", code="lost_state")


def check_step(taken_on: date, *, since: date, today: date) -> None:
    """Raise RuleError unless a search can have been made on that day."""
    if taken_on > today:
        raise RuleError("查找日期不能晚于今天。", code="taken_on")
    if taken_on < since:
        raise RuleError(f"查找日期不能早于失去联系日期（{since}）。", code="taken_on")


def check_found(found_on: date, *, state: str, since: date, today: date) -> None:
    """Raise RuleError unless a case can end by contact on that day."""
    if state == LostState.SUSPENDED:
        raise RuleError(
            "该同志已停止党籍，重新取得联系的，请提出恢复党籍"
            "（《中国共产党党员教育管理工作条例》第二十四条）。",
            code="lost_state",
        )
    check_searching(state)
    if found_on > today:
        raise RuleError("取得联系的日期不能晚于今天。", code="found_on")
    if found_on < since:
        raise RuleError(
            f"取得联系的日期不能早于失去联系日期（{since}）。", code="found_on"
        )
