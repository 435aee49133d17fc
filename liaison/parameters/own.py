"""What the committee may set for a member's own view of his card."""

from organizations.parameters import ParameterSpec, register

CARD_LINK_DAYS = register(
    ParameterSpec(
        key="liaison.card_link_days",
        label="党员本人链接有效期",
        kind="integer",
        default=30,
        minimum=1,
        maximum=90,
        unit="天",
        source="《个人信息保护法》第十九条（保存期限最短）；天数为本平台默认值",
    )
)
SETTLE_DAYS = register(
    ParameterSpec(
        key="liaison.proposal_days",
        label="党员提出的记录几天没有核定列入待办",
        kind="integer",
        default=7,
        minimum=1,
        maximum=60,
        unit="天",
        source="在职党员“双报到”做法：服务记录由社区核定；天数为本平台默认值",
    )
)
