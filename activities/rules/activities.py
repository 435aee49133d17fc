"""Pure rules of activities."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from activities.choices import ActivityState, Presence
from config.lib.errors import RuleError

# Local rule: a record older than this is a slip of the year. Set by the portal.
OLDEST_RECORD_DAYS = 366
# Local rule: as many as a group chat shows in one message. Set by the portal.
MOST_PHOTOS = 9


def check_held_on(held_on: date, today: date, label: str = "活动日期") -> None:
    """Raise RuleError when what was done lies in the future or too far back."""
    if held_on > today:
        raise RuleError(
            f"{label} {held_on:%Y-%m-%d} 还没有到，请核对；没有开展的不能提前记录。",
            code="held_in_future",
        )
    if (today - held_on).days > OLDEST_RECORD_DAYS:
        raise RuleError(
            f"{label} {held_on:%Y-%m-%d} 已超过一年，请核对年份。",
            code="held_too_long_ago",
        )


def check_is_held(state: str) -> None:
    """Raise RuleError for an activity that was cancelled or is yet to come."""
    if state == ActivityState.CANCELLED:
        raise RuleError("这项活动已经取消，不能再修改。", code="cancelled")
    if state == ActivityState.PLANNED:
        raise RuleError("这项活动还没有开展，请先记录到会情况。", code="not_held")


def check_attendance(attendance: dict[int, str]) -> None:
    """Raise RuleError unless somebody was present."""
    if Presence.PRESENT not in attendance.values():
        raise RuleError("请至少勾选一名到会的党员。", code="nobody_present")


def credited_hours(presence: str, own: Decimal | None, activity: Decimal) -> Decimal:
    """Hours to the member's credit: his own where given, else the activity's.

    Zero for leave and absence. Raises RuleError above the activity's hours.
    """
    if presence != Presence.PRESENT:
        return Decimal(0)
    if own is None:
        return activity
    if own > activity:
        raise RuleError("个人时长不能超过活动时长。", code="hours_exceed_activity")
    return own


def check_item_names(names: Sequence[str]) -> None:
    """Raise RuleError unless there is an item and no two read the same."""
    if not names:
        raise RuleError("请至少填写一个项目。", code="no_items")
    stripped = [name.strip() for name in names]
    if len(set(stripped)) != len(stripped):
        raise RuleError("清单中有同名的项目，请改成不同的名称。", code="same_item")


def check_photo_count(count: int) -> None:
    """Raise RuleError when an activity would have more than MOST_PHOTOS photos."""
    if count > MOST_PHOTOS:
        raise RuleError(
            f"一项活动最多 {MOST_PHOTOS} 张照片，现在共 {count} 张，请减少后再传。",
            code="too_many_photos",
        )
