"""What the committee may set about organizations."""

from organizations.parameters import ParameterSpec, register

TERM_WARNING_MONTHS = "organizations.term_warning_months"
BRANCH_SIZE_LIMIT = "organizations.branch_size_limit"

register(
    ParameterSpec(
        key=TERM_WARNING_MONTHS,
        label="换届提前提醒月数",
        kind="integer",
        default=6,
        minimum=1,
        maximum=24,
        unit="个月",
        source="《关于党的基层组织任期的意见》（2018，上级党组织应及时提醒督促；"
        "未规定提前量，6个月为惯例）",
    )
)
register(
    ParameterSpec(
        key=BRANCH_SIZE_LIMIT,
        label="党支部党员人数一般上限",
        kind="integer",
        default=50,
        minimum=3,
        maximum=500,
        unit="人",
        source="《中国共产党支部工作条例（试行）》第四条",
    )
)
