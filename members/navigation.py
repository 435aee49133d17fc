"""Entries of the navigation."""

from config.lib.nav import register
from organizations.access import Right

register(
    "党员",
    "党员名册",
    "members:list",
    "users",
    right=Right.VIEW_MEMBERS,
    order=20,
)
register(
    "党员",
    "联系党员",
    "members:call",
    "phone",
    right=Right.EDIT_MEMBERS,
    order=21,
    phone=True,
)
register(
    "党员",
    "新增党员",
    "members:add",
    "user-plus",
    right=Right.EDIT_MEMBERS,
    order=22,
)
register(
    "党员",
    "组织关系转接",
    "members:transfer-list",
    "arrows-transfer-up",
    right=Right.VIEW_MEMBERS,
    order=23,
)
register(
    "党员",
    "重复认领",
    "members:claim-list",
    "copy",
    right=Right.SETTLE_CLAIMS,
    order=26,
)
register(
    "党员",
    "导入花名册",
    "members:roster-upload",
    "file-import",
    right=Right.IMPORT_MEMBERS,
    order=24,
)
