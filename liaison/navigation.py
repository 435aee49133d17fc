"""Entries of the navigation."""

from config.lib.nav import register
from organizations.access import Right

register(
    "联系与反馈",
    "联系卡",
    "liaison:card-list",
    "id",
    right=Right.VIEW_MEMBERS,
    order=40,
)
register(
    "联系与反馈",
    "批量建卡",
    "liaison:card-missing",
    "user-plus",
    right=Right.KEEP_CARDS,
    order=41,
)
register(
    "联系与反馈",
    "单位反馈",
    "liaison:period-list",
    "mailbox",
    right=Right.VIEW_MEMBERS,
    order=42,
    phone=True,
)
register(
    "联系与反馈",
    "反馈材料",
    "liaison:own-packets",
    "file-text",
    right=Right.VIEW_OWN_PACKETS,
    order=43,
    phone=True,
)
# Posts to claim
register(
    "联系与反馈",
    "认领岗位",
    "liaison:post-list",
    "clipboard-list",
    right=Right.VIEW_MEMBERS,
    order=44,
)
# What units tell
register(
    "联系与反馈",
    "单位反映",
    "liaison:report-list",
    "message",
    right=Right.KEEP_CARDS,
    order=45,
)
register(
    "联系与反馈",
    "共建协议",
    "liaison:agreement-list",
    "file-text",
    right=Right.KEEP_AGREEMENTS,
    order=45,
)
register(
    "联系与反馈",
    "共建应办事项",
    "liaison:obligation-list",
    "list-check",
    right=Right.KEEP_AGREEMENTS,
    order=46,
)
