"""Rules of contacts with a member: pure, dates passed in."""

from __future__ import annotations

from datetime import date

from config.lib.errors import RuleError

CONTENT_LENGTH = 500


def check_contact(contacted_on: date, *, joined_on: date, today: date) -> None:
    """Raise RuleError unless somebody can have been contacted on that day."""
    if contacted_on > today:
        raise RuleError("联系日期不能晚于今天。", code="contacted_on")
    if contacted_on < joined_on:
        raise RuleError(
            f"联系日期不能早于入党日期（{joined_on}），请核对。", code="contacted_on"
        )
