"""Pure rules of papers for seminars and exchanges."""

from activities.choices import ActivityKind, ActivityState
from config.lib.errors import RuleError

PAPER_KINDS = frozenset({ActivityKind.SEMINAR, ActivityKind.EXCHANGE})
# Local rule: what one meeting can discuss. Set by the portal.
MOST_PAPERS = 50
_SOURCE = "街道经验材料：研讨会、经验交流会"


def takes_papers(kind: str, state: str) -> bool:
    return kind in PAPER_KINDS and state != ActivityState.CANCELLED


def check_takes_papers(kind: str, state: str) -> None:
    """Raise RuleError unless papers are written for such an activity."""
    if kind not in PAPER_KINDS:
        raise RuleError(
            f"只有研讨会和经验交流会登记交流材料（{_SOURCE}）；类型选错了的，"
            "请先在活动的“修改”里改过来。",
            code="no_papers",
        )
    if state == ActivityState.CANCELLED:
        raise RuleError("这项活动已经取消，不能再登记交流材料。", code="cancelled")


def check_author(*, is_member: bool, name: str) -> None:
    """Raise RuleError unless it is said once who wrote it."""
    if is_member and name:
        raise RuleError(
            "作者已经选了党员，“其他作者”请留空；是其他人写的，作者请选“不是本支部党员”。",
            code="author_name",
        )
    if not is_member and not name:
        raise RuleError("请选择作者，或者写下其他作者的姓名。", code="author_name")


def check_paper_count(count: int) -> None:
    if count > MOST_PAPERS:
        raise RuleError(f"一次活动最多登记 {MOST_PAPERS} 份交流材料。", code="too_many")
