"""Rules of commendations: pure, dates passed in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from config.lib.errors import RuleError

DEED_LENGTH = 500


def check_commendation(
    *,
    title: str,
    titles: Sequence[str],
    awarded_on: date,
    joined_on: date,
    deed: str,
    today: date,
) -> None:
    """Raise RuleError unless a member can have been given the title on that day.

    Local rule: titles are those of the committee's list.
    """
    if title not in titles:
        raise RuleError("请从列表中选择荣誉称号；列表由街道维护。", code="title")
    if awarded_on > today:
        raise RuleError("表彰日期不能晚于今天。", code="awarded_on")
    if awarded_on < joined_on:
        raise RuleError(
            f"表彰日期不能早于入党日期（{joined_on}），请核对。", code="awarded_on"
        )
    if not deed.strip():
        raise RuleError("请写明主要事迹。", code="deed")
    if len(deed.strip()) > DEED_LENGTH:
        raise RuleError(f"主要事迹请控制在{DEED_LENGTH}字以内。", code="deed")
