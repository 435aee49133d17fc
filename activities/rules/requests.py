"""Rules of residents' requests: pure, dates passed in.

Local rule: a request is checked, published to the teams without the resident's name,
taken by one team or one member, done in an activity, and closed by the resident's
word.
"""

from __future__ import annotations

import re
from datetime import date

from activities.choices.requests import RequestState
from config.lib.errors import RuleError

TEXT_LENGTH = 300
ASKED_LENGTH = 100
# Seven digits in a row are a phone or an identity number, whatever stands around.
_NUMBER = re.compile(r"(?:\d[\s-]?){7,}")
_DOOR = re.compile(r"\d+\s*(?:室|单元|号楼\s*\d)")

_S = RequestState
NEXT: dict[str, frozenset[str]] = {
    _S.RECEIVED: frozenset({_S.CHECKED, _S.REFUSED, _S.WITHDRAWN}),
    _S.CHECKED: frozenset({_S.PUBLISHED, _S.REFUSED, _S.WITHDRAWN}),
    _S.PUBLISHED: frozenset({_S.CLAIMED, _S.WITHDRAWN}),
    # Given back, it is on offer again.
    _S.CLAIMED: frozenset({_S.PUBLISHED, _S.DONE, _S.WITHDRAWN}),
    _S.DONE: frozenset({_S.CLOSED}),
    _S.CLOSED: frozenset(),
    _S.REFUSED: frozenset(),
    _S.WITHDRAWN: frozenset(),
}


def check_publish(state: str) -> None:
    """Raise RuleError unless it was checked: what somebody holds he gives back."""
    if state == _S.CLAIMED:
        raise RuleError(
            "这件需求已被认领，不用再发布；不能办理的，请由认领的一方退回。",
            code="request_state",
        )
    check_next(state, _S.PUBLISHED)


def check_next(state: str, wanted: str) -> None:
    """Raise RuleError unless `wanted` may follow `state`."""
    if wanted in NEXT[state]:
        return
    if (state, wanted) == (_S.CLAIMED, _S.CLAIMED):
        raise RuleError(
            "这件需求刚刚已被别人认领，一件需求只由一支队伍或一名党员办理。",
            code="claimed",
        )
    raise RuleError(
        f"这件需求现在是“{RequestState(state).label}”，"
        "不能办这一步（先核实、再发布、认领、办理，最后由居民评价）。"
        "请刷新页面，看看是否已有人办过。",
        code="request_state",
    )


def check_claimed(state: str) -> None:
    """Raise RuleError unless somebody has the request in hand."""
    if state != RequestState.CLAIMED:
        raise RuleError(
            f"这件需求现在是“{RequestState(state).label}”，只有办理中的可以退回。",
            code="request_state",
        )


def check_received(received_on: date, wanted_by: date, today: date) -> None:
    """Raise RuleError unless the days follow one another."""
    if received_on > today:
        raise RuleError("收到日期不能晚于今天。", code="received_on")
    if wanted_by < received_on:
        raise RuleError(
            f"希望办结日期不能早于收到日期（{received_on:%Y-%m-%d}）。",
            code="wanted_by",
        )


def check_asked(text: str) -> str:
    """Return what is asked, in words fit for every team. Raises RuleError.

    Source: 《中华人民共和国个人信息保护法》第六条.
    """
    text = text.strip()
    if not text or len(text) > ASKED_LENGTH:
        raise RuleError(f"请用 1 到 {ASKED_LENGTH} 个字写清需要什么。", code="asked")
    if _NUMBER.search(text) or _DOOR.search(text):
        raise RuleError(
            "“需要什么”会发布给各服务队，不能写电话、证件号码和门牌号"
            "（《个人信息保护法》第六条：限于实现处理目的的最小范围）；"
            "请写在需求人、联系电话和详细地点里。",
            code="asked",
        )
    return text


def check_done(done_on: date, *, claimed_on: date, today: date) -> None:
    """Raise RuleError unless it can have been done on that day."""
    if not claimed_on <= done_on <= today:
        raise RuleError(
            f"办理日期应在认领（{claimed_on:%Y-%m-%d}）与今天之间。", code="done_on"
        )


def check_text(text: str, label: str, code: str = "words") -> str:
    """Return the text. Raises RuleError where it is missing or too long."""
    text = text.strip()
    if not text:
        raise RuleError(f"请填写{label}。", code=code)
    if len(text) > TEXT_LENGTH:
        raise RuleError(f"{label}请控制在{TEXT_LENGTH}字以内。", code=code)
    return text
