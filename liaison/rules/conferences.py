"""Rules of joint conferences: pure, dates passed in.

Sources: 街道党建联席会议制度 (one leader a unit, replaced by notice; equal),
社区共建联席会议制度 (half-yearly, March and December; topics in 15 days before),
社区联合党委会议 (topics fixed 3 days before), 街道工作联席会议 (owner and deadline for
every decision).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from config.lib.errors import RuleError
from config.lib.periods import HalfYear, Month
from liaison.choices.conferences import MeetingState

# Local rules: more is a slip of the keyboard. Set by the portal.
MOST_SEATS = 200
MOST_TOPICS = 10
MOST_DAYS_AHEAD = 366
MOST_DAYS_DUE = 731
MOST_TITLE = 200


def check_seats(standing: int, added: int) -> None:
    if not added:
        raise RuleError("请至少选一个单位或党组织。", code="units")
    if standing + added > MOST_SEATS:
        raise RuleError(
            f"一个联席会最多{MOST_SEATS}个成员单位，现有{standing}个。", code="units"
        )


def check_begin(day: date, *, earliest: date, today: date, code: str) -> None:
    """Raise RuleError for a day to come, or before what it follows on."""
    if day > today:
        raise RuleError("日期不能晚于今天。", code=code)
    if day < earliest:
        raise RuleError(f"日期不能早于{earliest}。", code=code)


def topics_close(
    *, meets_on: date, wished: date | None, days: int, today: date
) -> date | None:
    """The last day on which topics are taken; None for a meeting that is past.

    Without a wish it is so many days before the meeting. Raises RuleError.
    """
    if meets_on < today:
        if wished is not None:
            raise RuleError(
                "开会日期已过，不能再征集议题。补登已开过的会，请把征集截止日期留空；"
                "还没有开的，请改正开会日期。",
                code="topics_until",
            )
        return None
    if meets_on > today + timedelta(days=MOST_DAYS_AHEAD):
        raise RuleError("开会日期在一年以后，请核对。", code="meets_on")
    last = wished or meets_on - timedelta(days=days)
    if last >= today and last < meets_on:
        return last
    if wished is None:
        raise RuleError(
            f"按会前{days}天截止，征集议题到{last}，已经过了。请把会期定晚一些，"
            "或者写明征集到哪一天。",
            code="topics_until",
        )
    if wished >= meets_on:
        raise RuleError(
            f"征集截止日期应早于开会日期（{meets_on}）。", code="topics_until"
        )
    raise RuleError("征集截止日期已经过了，请写今天或以后的日期。", code="topics_until")


def check_topic(*, topics_until: date | None, is_off: bool, today: date) -> None:
    if is_off:
        raise RuleError("会议已经取消，不再征集议题。", code="cancelled")
    if topics_until is None:
        raise RuleError("这次会议不征集议题。", code="closed")
    if today > topics_until:
        raise RuleError(
            f"议题征集已于{topics_until}截止，请与会议联络人联系。", code="closed"
        )


def meeting_state(
    *,
    meets_on: date,
    topics_until: date | None,
    is_off: bool,
    is_held: bool,
    today: date,
) -> str:
    """Where a meeting stands on a day (`MeetingState`)."""
    if is_off:
        return MeetingState.CANCELLED
    if is_held:
        return MeetingState.HELD
    if meets_on < today:
        return MeetingState.UNRECORDED
    if topics_until is not None and today <= topics_until:
        return MeetingState.COLLECTING
    return MeetingState.CALLED


def check_attendance(*, meets_on: date, today: date) -> None:
    if today < meets_on:
        raise RuleError(
            f"还没有到开会日期（{meets_on}），到会情况在开会当天或以后登记。",
            code="marks",
        )


def check_due(due_on: date, *, meets_on: date) -> None:
    if due_on < meets_on:
        raise RuleError(f"办理期限不能早于开会日期（{meets_on}）。", code="due_on")
    if due_on > meets_on + timedelta(days=MOST_DAYS_DUE):
        raise RuleError("办理期限最长两年，请核对；更长的请分步写。", code="due_on")


def meeting_due(half: HalfYear, months: Sequence[int]) -> date:
    """The day by which the conference is to have met in a half-year, included.

    `months` are those of the first and the second half. Source:
    社区共建联席会议制度 (每半年一次，3月、12月).
    """
    month = Month(half.year, months[half.number - 1])
    return month.end - timedelta(days=1)


def half_to_ask(
    today: date, *, days: int, months: Sequence[int]
) -> tuple[HalfYear, date]:
    """The latest half-year whose day is past or at most so many days off."""
    half = HalfYear.containing(today)
    due = meeting_due(half, months)
    if due - timedelta(days=days) > today:
        half = half.previous()
        due = meeting_due(half, months)
    return half, due
