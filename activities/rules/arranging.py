"""Pure rules of activities to come."""

from datetime import date, timedelta

from config.lib.errors import RuleError

# Local rule: plans of a year reach no further. Set by the portal.
FURTHEST_DAYS = 400


def check_planned_on(day: date, today: date) -> None:
    """Raise RuleError for a day that has passed, or one too far ahead."""
    if day < today:
        raise RuleError(
            f"{day:%Y-%m-%d} 已经过去；已经开展的活动请用“记一次活动”，"
            "还没开展的请改成今天或以后的日期。",
            code="planned_in_past",
        )
    if day > today + timedelta(days=FURTHEST_DAYS):
        raise RuleError(
            f"{day:%Y-%m-%d} 离今天超过一年，请核对年份。", code="planned_too_far"
        )
