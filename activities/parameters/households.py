"""What the committee may set for households and visits to them."""

from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

KEEP_DAYS = "activities.household_keep_days"
MATTER_DAYS = "activities.visit_matter_days"
REMIND_MONTH = "activities.unvisited_from_month"
UNVISITED_PERCENT = "activities.unvisited_percent"
_OWN = "本平台默认值"

register_days(
    KEEP_DAYS,
    "住户销户多少天后清除姓名、电话、门牌和走访内容",
    180,
    1095,
    f"《中华人民共和国个人信息保护法》第十九条（保存期限应当为最短时间）；天数为{_OWN}",
)
register_days(
    MATTER_DAYS,
    "走访事项没有约定时，应在多少天内办结并答复",
    30,
    180,
    f"{_OWN}，参照信访事项办理的一般期限",
)
for key, label, default, lowest, most, unit, source in (
    (
        *(REMIND_MONTH, "从几月起提醒还有较多住户没有走访"),
        *(10, 1, 12, "月", f"{_OWN}：年底前留出补走访的时间"),
    ),
    (
        *(UNVISITED_PERCENT, "未走访住户占到百分之几时提醒"),
        *(20, 1, 100, "%", _OWN),
    ),
):
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
