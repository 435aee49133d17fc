"""Rules of holding a post, pure."""

from __future__ import annotations

from datetime import date

from config.lib.errors import RuleError


def check_office(starts_on: date, ends_on: date | None, today: date) -> None:
    """Raise RuleError for a post that begins tomorrow or ends before it began."""
    if starts_on > today:
        raise RuleError("任职日期还没有到，到任以后再登记。", code="starts_on")
    if ends_on is not None and not starts_on <= ends_on <= today:
        raise RuleError(
            f"免职日期应在任职日期 {starts_on:%Y-%m-%d} 之后、今天以前。",
            code="ends_on",
        )
