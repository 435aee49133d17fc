"""Rules of projects of community services: pure, dates passed in.

Sources: 街道经验材料《街道党建创新》(“双带”活动：带头再就业、带领他人就业；开发社区服务
产业) and the ledger streets keep of employment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from activities.choices.projects import LeavingReason
from config.lib.errors import RuleError
from members.choices.employment import EmploymentStatus

_DOUBLE = "街道经验材料《街道党建创新》：“双带”活动"
# Local rule: more is a slip of the keyboard. Set by the portal.
MOST_PLACES = 200
MOST_FOUNDERS = 3

# [starts_on, ends_on); None is still there.
Span = tuple[date, date | None]

# How a member works at a post, as the ledger of employment names it.
WAYS = (
    EmploymentStatus.BY_UNIT,
    EmploymentStatus.FLEXIBLE,
    EmploymentStatus.SELF_EMPLOYED,
)
# What comes after a post, where the reason says it.
NEXT_STATUS: dict[str, str] = {
    LeavingReason.OTHER_JOB: EmploymentStatus.BY_UNIT,
    LeavingReason.QUIT: EmploymentStatus.SEEKING,
    LeavingReason.RETIRED: EmploymentStatus.RETIRED,
    LeavingReason.CLOSED: EmploymentStatus.SEEKING,
    LeavingReason.OTHER: EmploymentStatus.OTHER,
}


def check_day(day: date, *, label: str, code: str, first: date, today: date) -> None:
    """Raise RuleError for a day to come or before what it belongs to began."""
    if day > today:
        raise RuleError(f"{label}不能晚于今天。", code=code)
    if day < first:
        raise RuleError(f"{label}不能早于{first}，请核对。", code=code)


def check_founders(member_ids: list[int]) -> None:
    if len(set(member_ids)) != len(member_ids):
        raise RuleError("合办人与牵头开办人重复，请改选或者不选。", code="partner")
    if len(member_ids) > MOST_FOUNDERS:
        raise RuleError(f"一个项目最多登记{MOST_FOUNDERS}名开办人。", code="partner")


def check_running(closed_on: date | None, *, is_withdrawn: bool) -> None:
    if is_withdrawn:
        raise RuleError("这个服务项目已经撤回，不能再办理。", code="withdrawn")
    if closed_on is not None:
        raise RuleError(
            f"这个服务项目已于{closed_on}停办，不能再办理；重新开办的请另建项目。",
            code="closed",
        )


def check_post_open(*, is_open: bool, name: str) -> None:
    if not is_open:
        raise RuleError(f"岗位“{name}”已经撤销，请选另一个岗位。", code="post")


def check_places(places: int, needed: int = 0) -> None:
    """Raise RuleError unless there are places, and enough for whoever was there."""
    if not 1 <= places <= MOST_PLACES:
        raise RuleError(f"岗位数应在1到{MOST_PLACES}之间。", code="places")
    if places < needed:
        raise RuleError(
            f"这个岗位曾经同时有{needed}人在岗，岗位数不能少于{needed}；"
            "登记错了的人请先撤回。",
            code="places",
        )


def most_at_once(spans: Iterable[Span], since: date = date.min) -> int:
    """How many work at once at most, from the day `since` on."""
    spans = list(spans)
    days = {since, *(start for start, _ in spans if start > since)}
    return max(
        sum(start <= day and (end is None or end > day) for start, end in spans)
        for day in days
    )


def check_free(spans: Iterable[Span], places: int, starts_on: date, name: str) -> None:
    """Raise RuleError where every place is taken on some day from `starts_on` on."""
    if most_at_once(spans, starts_on) >= places:
        raise RuleError(
            f"岗位“{name}”的{places}个位置从{starts_on}起已经有人，不能再登记；"
            "有人离岗的请先登记离岗，增加了位置的请先修改岗位数。",
            code="post",
        )


def check_person(*, is_member: bool, name: str) -> None:
    """Raise RuleError unless it is said once who begins."""
    if is_member and name:
        raise RuleError(
            "上岗的人已经选了党员，“居民姓名”请留空；是居民的，党员请选“不是党员”。",
            code="person_name",
        )
    if not is_member and not name:
        raise RuleError("请选择上岗的党员，或者写下居民的姓名。", code="person_name")


def check_not_founder(*, is_founder: bool, name: str) -> None:
    if is_founder:
        raise RuleError(
            f"{name}是这个项目的开办人，自己再就业不算带领他人（{_DOUBLE}）；"
            "开办时已登记他的就业状况。",
            code="member",
        )


def check_not_there(*, is_there: bool, name: str) -> None:
    """Raise RuleError for somebody who works here already: he would count twice."""
    if is_there:
        raise RuleError(
            f"{name}已在这个项目在岗，一个人不重复计；同名的另一个人，请在姓名后注明，"
            "如“王芳（3号楼）”。",
            code="person_name",
        )


def check_left(ends_on: date, *, starts_on: date, today: date) -> None:
    if ends_on > today:
        raise RuleError("离岗日期不能晚于今天。", code="ends_on")
    if ends_on <= starts_on:
        raise RuleError(
            f"离岗日期应晚于上岗日期（{starts_on}）；登记错了的请用“登记有误”撤回。",
            code="ends_on",
        )


def check_leaving(reason: str, words: str, *, is_member: bool) -> None:
    """Raise RuleError where his record of employment would not know what follows."""
    if reason == LeavingReason.OTHER_JOB and is_member and not words:
        raise RuleError(
            "到别处就业的，请写明新的单位或者做什么，就业状况随之登记"
            "（街道就业台账：须写明就业状况和单位）。",
            code="words",
        )
    if reason == LeavingReason.OTHER and not words:
        raise RuleError("请写明离岗的原因。", code="words")
