"""What the committee may set for the coverage of two-new units."""

from members.parameters.days import register_days
from organizations import parameters
from organizations.parameters import ParameterSpec, register

CENSUS_DAYS = "members.coverage_census_days"

register_days(
    CENSUS_DAYS,
    "一企一表几天没有上门核查提醒",
    365,
    1000,
    "两新组织“六个清”摸底、一企一表的通行做法；天数为本平台默认值",
)
REASONS = register(
    ParameterSpec(
        key="members.coverage_reasons",
        label="两新单位没有覆盖的原因",
        kind="list",
        default=[
            "没有党员",
            "正式党员不足3名且无法联合",
            "党员组织关系没有转入",
            "出资人不支持",
            "停产或空壳",
            "人员流动性大",
            "其他",
        ],
        source="两新组织“六个清”摸底（未建立原因清）；各项为本平台默认值",
    )
)


def reasons() -> list[str]:
    return list(parameters.get(REASONS.key))
