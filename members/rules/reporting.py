"""Rules of reporting to a community: pure, dates passed in.

Local rule, after the 双报到 practice of streets: the member or his unit hands in a
slip, the community answers it, the formal relation stays with the unit.
"""

from __future__ import annotations

from datetime import date

from config.lib.errors import RuleError
from members.choices.reporting import SlipState

REASON_LENGTH = 200
TEXT_LENGTH = 200

# A slip is answered once; whoever was refused by mistake reports anew.
NEXT: dict[str, frozenset[str]] = {
    SlipState.RECEIVED: frozenset(
        {SlipState.ACCEPTED, SlipState.REFUSED, SlipState.WITHDRAWN}
    ),
    SlipState.ACCEPTED: frozenset(),
    SlipState.REFUSED: frozenset(),
    SlipState.WITHDRAWN: frozenset(),
}


def check_next(state: str, wanted: str) -> None:
    """Raise RuleError unless `wanted` may follow `state`."""
    if wanted not in NEXT[state]:
        now, then = SlipState(state).label, SlipState(wanted).label
        raise RuleError(
            f"这张报到单现在是“{now}”，不能办理“{then}”。请刷新页面，看看是否已有人办过。",
            code="slip_state",
        )


def check_amendable(state: str) -> None:
    """Raise RuleError once a slip was answered: then it stays as it was."""
    if state != SlipState.RECEIVED:
        raise RuleError(
            f"这张报到单现在是“{SlipState(state).label}”，不能再修改。",
            code="slip_state",
        )


def check_reported(
    reported_on: date, *, joined_on: date | None, born_on: date, today: date
) -> None:
    """Raise RuleError unless somebody can have reported on that day."""
    if reported_on > today:
        raise RuleError("报到日期不能晚于今天。", code="reported_on")
    if joined_on is None:
        return
    if joined_on <= born_on:
        raise RuleError("入党日期应晚于出生日期，请核对。", code="joined_on")
    if joined_on > reported_on:
        raise RuleError(
            f"入党日期（{joined_on}）不能晚于报到日期，请核对。", code="joined_on"
        )


def check_accepted(starts_on: date, *, reported_on: date, today: date) -> None:
    """Raise RuleError unless co-management can begin on that day."""
    if not reported_on <= starts_on <= today:
        raise RuleError(
            f"协管开始日期应在报到日期（{reported_on}）与今天之间。",
            code="starts_future",
        )


def check_joined(joined_on: date | None) -> date:
    """Return the day of joining, without which no file can be begun."""
    if joined_on is None:
        raise RuleError(
            "该同志在本街道还没有档案，建档须有入党日期。"
            "请先点“修改”补填入党日期，再受理。",
            code="joined_on",
        )
    return joined_on


def check_reason(words: str) -> str:
    """Return the reason. Raises RuleError where none is given or it is too long."""
    words = words.strip()
    if not words:
        raise RuleError("请写明原因，便于转告本人和单位。", code="words")
    if len(words) > REASON_LENGTH:
        raise RuleError(f"原因请控制在{REASON_LENGTH}字以内。", code="words")
    return words


def waiting_here() -> RuleError:
    """What is said of a second slip of one person in a community."""
    return RuleError(
        "该同志在这个社区已有一张待受理的报到单，不能重复登记；请在报到登记中查看。",
        code="waiting_here",
    )


def known_here(community: str) -> RuleError:
    """What is said of somebody whom the community co-manages already."""
    return RuleError(
        f"该同志已在{community}报到，由社区党支部协管，不需要重复报到。",
        code="known_here",
    )
