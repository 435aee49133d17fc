"""Entries of the navigation."""

from config.lib.nav import USER_MENU, register
from organizations.access import Right

OFFICE = "办公"

register(
    OFFICE, "审计记录", "organizations:audit", "history", Right.VIEW_AUDIT, order=90
)
register(
    OFFICE,
    "参数设置",
    "organizations:parameters",
    "adjustments-horizontal",
    Right.MANAGE_PARAMETERS,
    order=92,
)
register(
    OFFICE,
    "后台管理",
    "admin:index",
    "settings",
    # Held by exactly the roles that the admin lets in.
    Right.MANAGE_PARAMETERS,
    order=94,
)
register(USER_MENU, "我的任务", "organizations:jobs", "clock", order=10)
register(USER_MENU, "两步验证", "totp-setup", "shield-lock", order=20)
