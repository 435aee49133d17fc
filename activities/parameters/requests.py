"""Days of residents' requests that the committee may change."""

from organizations.parameters import ParameterSpec, register

WANTED_DAYS = "activities.request_days"
CHECK_DAYS = "activities.request_check_days"
CLAIM_DAYS = "activities.request_claim_days"
WORD_DAYS = "activities.request_word_days"
CLEAR_DAYS = "activities.request_clear_days"

for key, label, default, most in (
    (WANTED_DAYS, "服务需求没有写明日期的，几天内办结", 7, 90),
    (CHECK_DAYS, "服务需求几天没有核实列入待办", 2, 30),
    (CLAIM_DAYS, "服务需求发布几天没有认领列入待办", 3, 60),
    (WORD_DAYS, "服务需求办好几天没有回访列入待办", 7, 90),
):
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=1,
            maximum=most,
            unit="天",
            source="本平台默认值：街道贴心服务能当场办的当场办，不能的限期办结",
        )
    )
register(
    ParameterSpec(
        key=CLEAR_DAYS,
        label="服务需求结束几天后清除需求人信息",
        kind="integer",
        default=30,
        minimum=1,
        maximum=365,
        unit="天",
        source="《个人信息保护法》第十九条：保存期限为实现处理目的所必要的最短时间；"
        "天数为本平台默认值",
    )
)
