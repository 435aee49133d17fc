"""Rules of volunteer teams: pure, dates passed in.

Local rule: a team takes its people from its own organization and those below it, has
one leader out of its roster, and names what it does by activities of a serving kind.
"""

from __future__ import annotations

from datetime import date

from activities.choices import ActivityKind
from config.lib.errors import RuleError

# Kinds of activity that a team of volunteers goes out for.
SERVING = frozenset(
    {
        ActivityKind.VOLUNTEERING,
        ActivityKind.LABOUR,
        ActivityKind.COMMUNITY_SERVICE,
    }
)


def check_open(closed_on: date | None) -> None:
    """Raise RuleError for a team that was dissolved."""
    if closed_on is not None:
        raise RuleError(
            f"这支服务队已于 {closed_on:%Y-%m-%d} 解散，不能再办理；需要时请新建一支。",
            code="team_closed",
        )


def check_founded(founded_on: date, *, first: date | None, today: date) -> None:
    """Raise RuleError for a day to come, or after `first`, when somebody joined."""
    if founded_on > today:
        raise RuleError("成立日期不能晚于今天。", code="founded_on")
    if first is not None and founded_on > first:
        raise RuleError(
            f"已有队员在 {first:%Y-%m-%d} 加入，成立日期不能晚于这一天。",
            code="founded_on",
        )


def check_joined(joined_on: date, *, founded_on: date, today: date) -> None:
    """Raise RuleError unless somebody can have joined on that day."""
    if not founded_on <= joined_on <= today:
        raise RuleError(
            f"加入日期应在服务队成立（{founded_on:%Y-%m-%d}）与今天之间。",
            code="joined_on",
        )


def check_closed(closed_on: date, *, last: date, today: date) -> None:
    """Raise RuleError unless a team can end on that day; `last` is its latest day."""
    if not last <= closed_on <= today:
        raise RuleError(
            f"解散日期应在最近一次队员变动或活动（{last:%Y-%m-%d}）与今天之间。",
            code="closed_on",
        )


def check_free(in_hand: int) -> None:
    """Raise RuleError for a team that has promised to do something."""
    if in_hand:
        raise RuleError(
            f"这支服务队还有 {in_hand} 件认领的需求没有办好，请先办好或退回，再解散。",
            code="closed_on",
        )


def check_serving(kind: str) -> None:
    """Raise RuleError unless a team may be named for this kind of activity."""
    if kind not in SERVING:
        names = "、".join(ActivityKind(each).label for each in sorted(SERVING))
        raise RuleError(
            f"选了服务队的活动，类型应为{names}之一；其他类型的活动请不要选服务队。",
            code="team",
        )
