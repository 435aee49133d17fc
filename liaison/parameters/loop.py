"""What the committee may change about liaison cards and feedback."""

from liaison.choices import PeriodKind
from organizations.parameters import ParameterSpec, register

FEEDBACK_PERIOD = register(
    ParameterSpec(
        key="liaison.feedback_period",
        label="反馈周期",
        kind="choice",
        default=PeriodKind.QUARTER.value,
        choices=tuple(PeriodKind.choices),
        source="在职党员“双报到”做法：服务卡每季度末反馈单位",
    )
)
GRADES = register(
    ParameterSpec(
        key="liaison.feedback_grades",
        label="反馈等次",
        kind="list",
        default=["优秀", "合格", "基本合格", "不合格"],
        source="民主评议党员的四个等次",
    )
)
OPENS_BEFORE = register(
    ParameterSpec(
        key="liaison.feedback_opens_days_before_end",
        label="期末前开启填写",
        kind="integer",
        default=10,
        minimum=0,
        maximum=60,
        unit="天",
        source="本平台工作惯例",
    )
)
DUE_AFTER = register(
    ParameterSpec(
        key="liaison.feedback_due_days_after_end",
        label="期末后填写期限",
        kind="integer",
        default=10,
        minimum=1,
        maximum=60,
        unit="天",
        source="本平台工作惯例",
    )
)
REMIND_BEFORE = register(
    ParameterSpec(
        key="liaison.feedback_remind_days_before_due",
        label="期限前催办",
        kind="integer",
        default=3,
        minimum=0,
        maximum=30,
        unit="天",
        source="本平台工作惯例",
    )
)
LINK_DAYS = register(
    ParameterSpec(
        key="liaison.link_days",
        label="单位链接有效期",
        kind="integer",
        default=30,
        minimum=1,
        maximum=90,
        unit="天",
        source="《个人信息保护法》第十九条（保存期限最短）；天数为本平台默认值",
    )
)
CONFIRM_DAYS = register(
    ParameterSpec(
        key="liaison.confirm_days",
        label="单位确认期限",
        kind="integer",
        default=10,
        minimum=1,
        maximum=60,
        unit="天",
        source="本平台工作惯例",
    )
)
UNIT_REMIND_DAYS = register(
    ParameterSpec(
        key="liaison.unit_remind_every_days",
        label="催办单位确认的间隔",
        kind="integer",
        default=7,
        minimum=1,
        maximum=60,
        unit="天",
        source="街道经验材料《街道党建创新》：情况的反馈机制；天数为本平台默认值",
    )
)
UNIT_REMIND_MOST = register(
    ParameterSpec(
        key="liaison.unit_remind_at_most",
        label="邮件催办单位的次数上限",
        kind="integer",
        default=2,
        minimum=0,
        maximum=10,
        unit="次",
        source="本平台工作惯例；填 0 即不自动催办",
    )
)
CHECK = register(
    ParameterSpec(
        key="liaison.community_check",
        label="反馈评语由社区审核",
        kind="choice",
        default="off",
        choices=(("off", "不需要"), ("on", "需要")),
        source="街道经验材料《街道党建创新》：情况的反馈机制；各街道可按自己的程序开启",
    )
)
APPROVAL = register(
    ParameterSpec(
        key="liaison.street_approval",
        label="反馈材料送达前由街道批准",
        kind="choice",
        default="off",
        choices=(("off", "不需要"), ("on", "需要")),
        source="本平台工作惯例；各街道可按自己的程序开启",
    )
)
ESCALATE_DAYS = register(
    ParameterSpec(
        key="liaison.escalate_days",
        label="反馈久无答复升级督办",
        kind="integer",
        default=30,
        minimum=5,
        maximum=180,
        unit="天",
        source="街道经验材料《街道党建创新》：情况的反馈机制；天数为本平台默认值",
    )
)
INACTIVE_MONTHS = register(
    ParameterSpec(
        key="liaison.inactive_months",
        label="在职党员无服务预警",
        kind="integer",
        default=6,
        minimum=1,
        maximum=24,
        unit="个月",
        source="在职党员“双报到”做法；月数为本平台默认值",
    )
)
