"""What the committee may set for the year of a card."""

from organizations.parameters import ParameterSpec, register

INVITATIONS_A_MONTH = register(
    ParameterSpec(
        key="liaison.invitations_a_month",
        label="每张联系卡每月邀请次数上限",
        kind="integer",
        default=2,
        minimum=1,
        maximum=10,
        unit="次",
        source="街道经验材料《街道党建创新》：组织在职党员活动“适宜、适时、适度”；"
        "次数为本平台默认值，超过时提醒，不限制",
    )
)
