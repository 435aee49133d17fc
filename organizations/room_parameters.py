"""What the committee may set about activity rooms."""

from organizations.parameters import ParameterSpec, register

IDLE_DAYS = "organizations.room_idle_days"
CHECK_MONTHS = "organizations.room_check_months"
BROKEN_DAYS = "organizations.room_broken_days"
AHEAD_DAYS = "organizations.room_ahead_days"
SETTLE_DAYS = "organizations.room_settle_days"

_CUSTOM = "党员活动室管理制度通行做法"


def _number(
    key: str, label: str, default: int, maximum: int, source: str, unit: str = "天"
) -> None:
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=1,
            maximum=maximum,
            unit=unit,
            source=f"{_CUSTOM}：{source}",
        )
    )


_number(
    IDLE_DAYS,
    "活动室几天没有开放提醒",
    7,
    365,
    "每周开放不少于两次，每次不少于两小时；天数为本平台默认值",
)
_number(
    CHECK_MONTHS,
    "活动室设备几个月检查一次",
    3,
    60,
    "电教设备专人保管、定期检查；月数为本平台默认值",
    "个月",
)
_number(
    BROKEN_DAYS,
    "活动室设备刊物损坏几天未处理提醒",
    30,
    365,
    "设备损坏及时报修；天数为本平台默认值",
)
_number(
    AHEAD_DAYS,
    "活动室最多提前几天预订",
    90,
    730,
    "使用活动室先预约登记；天数为本平台默认值",
)
_number(
    SETTLE_DAYS,
    "活动室预订过后几天内登记开放",
    3,
    60,
    "每次使用后填写使用登记；天数为本平台默认值",
)
