"""Entries of the navigation."""

from config.lib.nav import register
from organizations.access import Right

register("工作台", "工作台", "home", "home", order=0, phone=True)
register("报表", "月报", "reports:monthly", "report-analytics", Right.EXPORT, order=60)
register(
    "报表", "导出花名册", "reports:roster-export", "file-export", Right.EXPORT, order=62
)
register("报表", "我的导出", "reports:exports", "archive", Right.EXPORT, order=64)
register(
    "报表",
    "指标说明",
    "reports:definitions",
    "info-circle",
    Right.VIEW_REPORTS,
    order=66,
)
