"""Rules of what home units answer and tell."""

from config.lib.errors import RuleError
from liaison.choices.reports import AnswerKind, ReportState

MAX_REPORTS = 50


def check_answer(kind: str, words: str, name: str) -> None:
    """Raise RuleError unless an answer can be acted upon."""
    if kind not in AnswerKind.values:
        raise RuleError(f"{name}：请从列出的答复中选择。", code="answer")
    if kind == AnswerKind.DIFFERS and not words.strip():
        raise RuleError(f"{name}：请写明哪里有出入。", code="answer_words")


def check_report_count(number: int) -> None:
    if number >= MAX_REPORTS:
        raise RuleError(
            f"这份材料已反映 {MAX_REPORTS} 条，请直接与街道联系。", code="too_many"
        )


def check_settling(
    *, state: str, outcome: str, reply: str, is_left: bool, is_followed: bool
) -> None:
    """Raise RuleError unless a report may be settled so.

    `is_left` says that it tells of somebody who left the unit, `is_followed` that his
    card is closed or his home unit corrected: the unit's word alone changes nothing.
    """
    if state != ReportState.OPEN:
        raise RuleError("这条反映已经办结。", code="settled")
    if outcome not in {ReportState.ACCEPTED, ReportState.LAID_ASIDE}:
        raise RuleError("请选择采纳或不予采纳。", code="outcome")
    if outcome == ReportState.LAID_ASIDE and not reply.strip():
        raise RuleError("不予采纳的，请写明原因。", code="reason_missing")
    if outcome == ReportState.ACCEPTED and is_left and not is_followed:
        raise RuleError(
            "请先核实：注销联系卡，或在党员信息中更正工作单位，再采纳；"
            "情况不属实的选“不予采纳”。",
            code="not_followed",
        )
