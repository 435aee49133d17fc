"""Pure rules of meetings: who has to be there for a decision."""

from __future__ import annotations

from config.lib.errors import RuleError

SOURCE = "《中国共产党支部工作条例（试行）》第十一条"


def is_quorate(expected: int, present: int) -> bool:
    """Whether more than half of those entitled to vote were there."""
    return present * 2 > expected


def check_decision(expected: int, present: int) -> None:
    """Raise RuleError where a members' meeting was too small to decide."""
    if not is_quorate(expected, present):
        raise RuleError(
            f"应到有表决权的党员 {expected} 人，到会 {present} 人，没有超过半数，"
            f"会议不能作出决定（{SOURCE}）。请先核对到会名单；确实不足的，"
            "决定一栏留空，另行召开。",
            code="no_quorum",
        )
