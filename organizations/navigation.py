"""Entries of the navigation."""

from config.lib.nav import USER_MENU, register
from organizations.access import Right

OFFICE = "办公"
TREE = "组织"

register(
    TREE,
    "党组织",
    "organizations:list",
    "sitemap",
    Right.VIEW_ORGANIZATIONS,
    order=60,
)
register(
    TREE,
    "社区",
    "organizations:community-list",
    "building-community",
    Right.VIEW_ORGANIZATIONS,
    order=61,
)
register(
    TREE,
    "工作单位",
    "organizations:work-unit-list",
    "building",
    Right.VIEW_ORGANIZATIONS,
    order=62,
)
register(
    TREE,
    "导入党组织",
    "organizations:import",
    "file-import",
    Right.MANAGE_ORGANIZATIONS,
    order=63,
)
register(
    TREE,
    "党员活动室",
    "organizations:room-list",
    "door",
    Right.VIEW_ORGANIZATIONS,
    order=64,
)
register(
    TREE,
    "社区示意图",
    "organizations:map",
    "map-pin",
    Right.VIEW_ORGANIZATIONS,
    order=65,
)

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
