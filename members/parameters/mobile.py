"""What the committee may set for members who live or work away."""

from members.divisions import provinces
from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

SILENT_FIRST = "members.mobile_silent_first_days"
SILENT_SECOND = "members.mobile_silent_second_days"
SILENT_THIRD = "members.mobile_silent_third_days"
LOST_DAYS = "members.mobile_lost_days"
UNVERIFIED_DAYS = "members.mobile_unverified_days"
SETTLED_DAYS = "members.mobile_settled_days"
HOME_PROVINCE = "members.home_province"
_DUTY = "《中国共产党党员教育管理工作条例》“流动党员管理”：保持经常联系"

register_days(SILENT_FIRST, "流动党员多少天没有联系开始提示", 30, 180, _DUTY)
register_days(SILENT_SECOND, "流动党员多少天没有联系须提醒", 60, 180, _DUTY)
register_days(SILENT_THIRD, "流动党员多少天没有联系为紧急", 90, 180, _DUTY)
register_days(
    LOST_DAYS,
    "流动党员多少天没有联系按失联排查",
    180,
    365,
    "《中国共产党党员教育管理工作条例》第二十四条：与党组织失去联系6个月以上",
)
register_days(
    UNVERIFIED_DAYS, "流入登记后应在多少天内核实身份", 15, 90, "天数为本平台默认值"
)
register_days(
    SETTLED_DAYS,
    "流入多少天以后应转接组织关系",
    180,
    365,
    "《关于进一步加强和改进流动党员管理工作的意见》：连续6个月以上，能转接的及时转接",
)
register(
    ParameterSpec(
        key=HOME_PROVINCE,
        label="本街道所在的省（自治区、直辖市），用来分省内、省外流动",
        kind="choice",
        default="",
        choices=(("", "还没有设置"), *provinces().items()),
        source="党内统计：流动党员情况按跨省、省内填报；代码为GB/T 2260",
    )
)
