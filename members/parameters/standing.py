"""What the committee may set for lost contact and decisions about memberships."""

from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

LOST_WARNING_MONTHS = "members.lost_warning_months"
LOST_MONTHS = "members.lost_months"
REMOVAL_YEARS = "members.removal_years"
ABROAD_YEARS = "members.abroad_years"
SEARCH_WAYS = "members.search_ways"
SEARCH_PAUSE_DAYS = "members.search_pause_days"
ARTICLE = "《中国共产党党员教育管理工作条例》第二十四条"


def _register(
    key: str, label: str, default: int, lowest: int, most: int, unit: str, source: str
) -> None:
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=lowest,
            maximum=most,
            unit=unit,
            source=source,
        )
    )


_register(
    LOST_WARNING_MONTHS,
    "多少个月没有联系，提醒党支部",
    *(4, 1, 12, "个月", f"{ARTICLE}（失去联系6个月）；提前量为本平台默认值"),
)
_register(
    LOST_MONTHS,
    "失去联系多少个月以上、查找无果，停止党籍",
    *(6, 6, 24, "个月", ARTICLE),
)
_register(
    REMOVAL_YEARS,
    "停止党籍多少年后仍无法取得联系，按自行脱党除名",
    *(2, 2, 10, "年", ARTICLE),
)
_register(
    ABROAD_YEARS,
    "出国学习研究超过多少年未返回，一般停止党籍",
    *(5, 5, 10, "年", ARTICLE),
)
_register(
    SEARCH_WAYS,
    "提出停止党籍前至少用过几种查找方式",
    *(3, 1, 6, "种", f"{ARTICLE}（通过各种方式查找）；种数为本平台默认值"),
)
register_days(
    SEARCH_PAUSE_DAYS, "失联处置多少天没有查找须提醒", 30, 180, "本平台默认值"
)
