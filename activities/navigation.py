"""Entries of the navigation."""

from config.lib.nav import register
from organizations.access import Right

register(
    "活动",
    "记一次活动",
    "activities:record",
    "circle-plus",
    right=Right.RECORD_ACTIVITIES,
    order=30,
    phone=True,
)
register(
    "活动",
    "活动记录",
    "activities:list",
    "calendar-event",
    right=Right.VIEW_MEMBERS,
    order=31,
)
register(
    "活动",
    "项目完成",
    "activities:completion",
    "target",
    right=Right.VIEW_MEMBERS,
    order=32,
    phone=True,
)
register(
    "活动",
    "待确认完成",
    "activities:achievement-waiting",
    "circle-check",
    right=Right.RECORD_ACTIVITIES,
    order=33,
)
register(
    "活动",
    "项目清单",
    "activities:program-list",
    "list-check",
    right=Right.MANAGE_PROGRAMS,
    order=34,
)
register(
    "活动",
    "三会一课",
    "activities:duties",
    "clipboard-check",
    right=Right.VIEW_MEMBERS,
    order=34,
)
