"""Rules of households and of visits to them: pure, dates passed in.

Local rules, after the 走百家门、知百家情 practice of streets: a door stands once in a
community's list; what a household asks for is followed up until it has its answer.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from activities.choices.households import MatterAct, MatterState
from config.lib.errors import RuleError

TEXT_LENGTH = 1000
MATTER_LENGTH = 300
NAME_LENGTH = 40
ROOM_LENGTH = 40
BUILDING_LENGTH = 60
VISITORS_LENGTH = 100
MOST_PEOPLE = 30
MOST_MATTERS = 3
# A visit is written down within the year: what is older belongs to a closed ledger.
OLDEST_DAYS = 366

_UNSETTLED = (MatterState.OPEN, MatterState.IN_PROGRESS)
# What may be done from each state, and the state that follows.
STATE_AFTER: dict[str, str] = {
    MatterAct.PROGRESS: MatterState.IN_PROGRESS,
    MatterAct.SOLVE: MatterState.SOLVED,
    MatterAct.REFER: MatterState.REFERRED,
    MatterAct.DECLINE: MatterState.NOT_POSSIBLE,
    MatterAct.REOPEN: MatterState.IN_PROGRESS,
}
SETTLING = frozenset({MatterAct.SOLVE, MatterAct.REFER, MatterAct.DECLINE})
_PARTED = re.compile(r"(?<=\d)(?:\s|单元|[-—–_/])+(?=\d)")
_DOOR_NOISE = re.compile(r"[\s\-—–_/#、,，.。]|单元|号房|室|房|号$")


def acts_of(state: str, is_answered: bool) -> tuple[str, ...]:
    """What may be written down next of a matter; nothing once it is answered."""
    if is_answered:
        return ()
    if state in _UNSETTLED:
        return (
            MatterAct.PROGRESS,
            MatterAct.SOLVE,
            MatterAct.REFER,
            MatterAct.DECLINE,
        )
    return (MatterAct.ANSWER, MatterAct.REOPEN)


def check_act(act: str, state: str, is_answered: bool) -> None:
    """Raise RuleError unless `act` may follow."""
    if act in acts_of(state, is_answered):
        return
    now = "已答复" if is_answered else MatterState(state).label
    raise RuleError(
        f"这件事项现在是“{now}”，不能再办理“{MatterAct(act).label}”"
        "（先办结、再答复住户）。请刷新页面，看看是否已有人办过。",
        code="matter_state",
    )


def check_day(
    day: date, *, after: date, today: date, code: str = "day", label: str = "日期"
) -> None:
    """Raise RuleError unless it lies between what came before and today."""
    if not after <= day <= today:
        raise RuleError(f"{label}应在{after}与今天（{today}）之间。", code=code)


def check_visited(visited_on: date, today: date) -> None:
    """Raise RuleError unless somebody can have been there on that day.

    A day before the household was listed is as good: lists come in late.
    """
    if visited_on > today:
        raise RuleError("走访日期不能晚于今天：走访以后再记录。", code="visited_on")
    if (today - visited_on).days > OLDEST_DAYS:
        raise RuleError(
            f"走访日期（{visited_on}）是一年以前，请核对年份。", code="visited_on"
        )


def check_due(due_on: date, *, visited_on: date) -> None:
    if due_on < visited_on:
        raise RuleError("承诺办结日期不能早于走访日期。", code="due_on")


def check_text(text: str, label: str, code: str, most: int = TEXT_LENGTH) -> str:
    """Return the text without blanks around it. Raises RuleError where too long."""
    text = text.strip()
    if len(text) > most:
        raise RuleError(f"{label}请控制在{most}字以内。", code=code)
    return text


def required(text: str, label: str, code: str, most: int = TEXT_LENGTH) -> str:
    """The same, of something that must be there."""
    text = check_text(text, label, code, most)
    if not text:
        raise RuleError(f"请填写{label}。", code=code)
    return text


def check_says_something(*words: str) -> None:
    """Raise RuleError for a visit of which nothing is known."""
    if not any(each.strip() for each in words):
        raise RuleError(
            "请写下走访了解到的情况，哪怕一句话，如“家中一切正常，没有诉求”。",
            code="situation",
        )


def door_key(building: str, room: str) -> str:
    """What two spellings of one door share: 2单元501室 is 2-501."""
    return f"{_plain(building)}|{_plain(room)}"


def _plain(text: str) -> str:
    # Between two numbers a mark stays, which keeps 1单元12 and 11单元2 apart.
    text = _PARTED.sub("~", unicodedata.normalize("NFKC", text))
    return _DOOR_NOISE.sub("", text).upper()


def door_taken(door: str) -> RuleError:
    return RuleError(
        f"{door}已在本社区的台账里，请在列表中找到它修改，不要重复登记。", code="room"
    )
