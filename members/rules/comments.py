"""Rules of residents' comments on a member: pure, dates passed in.

Local rule: what a resident says is written down with its source, looked into, and
answered; nobody is ranked by it.
"""

from __future__ import annotations

from datetime import date

from config.lib.errors import RuleError
from members.choices.comments import CommentState

TEXT_LENGTH = 500
NEXT: dict[str, frozenset[str]] = {
    CommentState.RECEIVED: frozenset(
        {CommentState.HANDLING, CommentState.ANSWERED, CommentState.WITHDRAWN}
    ),
    CommentState.HANDLING: frozenset(
        {CommentState.HANDLING, CommentState.ANSWERED, CommentState.WITHDRAWN}
    ),
    # Whoever is not content with the answer has it looked into again.
    CommentState.ANSWERED: frozenset({CommentState.CLOSED, CommentState.HANDLING}),
    CommentState.CLOSED: frozenset(),
    CommentState.WITHDRAWN: frozenset(),
}


def check_next(state: str, wanted: str) -> None:
    """Raise RuleError unless `wanted` may follow `state`."""
    if wanted not in NEXT[state]:
        now, then = CommentState(state).label, CommentState(wanted).label
        raise RuleError(
            f"这件评议现在是“{now}”，不能办理“{then}”（件件先处理、再答复、后办结）。"
            "请刷新页面，看看是否已有人办过。",
            code="comment_state",
        )


def check_received(received_on: date, *, joined_on: date, today: date) -> None:
    """Raise RuleError unless somebody can have said so on that day."""
    if not joined_on <= received_on <= today:
        raise RuleError(
            f"收到日期应在该同志入党日期（{joined_on}）与今天之间。",
            code="received_on",
        )


def check_step(day: date, *, received_on: date, today: date) -> None:
    """Raise RuleError unless a step can have been taken on that day."""
    if not received_on <= day <= today:
        raise RuleError(f"日期应在收到日期（{received_on}）与今天之间。", code="day")


def check_text(text: str, label: str) -> str:
    """Return the text. Raises RuleError where it is missing or too long."""
    text = text.strip()
    if not text:
        raise RuleError(f"请填写{label}。", code="words")
    if len(text) > TEXT_LENGTH:
        raise RuleError(f"{label}请控制在{TEXT_LENGTH}字以内。", code="words")
    return text
