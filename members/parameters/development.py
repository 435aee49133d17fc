"""What the committee may set for the way into the Party."""

from members.rules.development import REGULATION, Limits
from organizations import parameters
from organizations.parameters import ParameterSpec, register

_PREFIX = "members.development_"
TALK_MONTHS = f"{_PREFIX}talk_months"
INSPECTION_MONTHS = f"{_PREFIX}inspection_months"
APPROVAL_MONTHS = f"{_PREFIX}approval_months"


def _number(
    name: str, label: str, unit: str, article: str, minimum: int, maximum: int
) -> None:
    """One whole number; its default is that of the regulation."""
    register(
        ParameterSpec(
            key=_PREFIX + name,
            label=label,
            kind="integer",
            default=getattr(Limits, name),
            minimum=minimum,
            maximum=maximum,
            unit=unit,
            source=REGULATION + article,
        )
    )


_number("applicant_age", "递交入党申请的最低年龄", "岁", "第五条", 18, 30)
_number("talk_months", "收到申请书后几个月内派人谈话", "个月", "第七条", 1, 6)
_number("activist_months", "积极分子至少培养考察几个月", "个月", "第十三条", 12, 60)
_number("inspection_months", "积极分子每隔几个月考察一次", "个月", "第十一条", 1, 12)
_number("publicity_days", "发展对象公示的工作日", "个工作日", "第十三条", 5, 30)
_number("training_hours", "发展对象集中培训的学时", "学时", "第十七条", 24, 120)
_number("meeting_months", "预审合格后几个月内开支部大会", "个月", "第十九条", 1, 6)
_number("approval_months", "支部大会后几个月内审批", "个月", "第二十五条", 1, 6)
_number("approval_most_months", "审批接收的最长时限", "个月", "第二十五条", 1, 6)
_number("extension_least_months", "延长预备期最少几个月", "个月", "第三十一条", 6, 12)
_number("extension_most_months", "延长预备期最多几个月", "个月", "第三十一条", 6, 12)


def development_limits() -> Limits:
    """Return the periods in force, in one query."""
    with parameters.together():
        return Limits(
            **{
                name: parameters.get(_PREFIX + name)
                for name in Limits.__dataclass_fields__
            }
        )
