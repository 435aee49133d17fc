"""What the committee may set for Party-building instructors."""

from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

VISIT_DAYS = "members.instructor_visit_days"
CALL_DAYS = "members.instructor_call_days"

register_days(
    VISIT_DAYS,
    "指导员几天没有走访一家单位提醒",
    31,
    366,
    "沁县党建工作指导员办法：每月至少走访一次",
)
register_days(
    CALL_DAYS,
    "指导员几天没有联系一家单位提醒",
    7,
    366,
    "沁县党建工作指导员办法：每周至少电话联系一次",
)
LOAD = register(
    ParameterSpec(
        key="members.instructor_load",
        label="一名指导员最多联系几家单位",
        kind="integer",
        default=5,
        minimum=1,
        maximum=100,
        unit="家",
        source="党建工作指导员工作制度（2017）：每名指导员联系4至5家",
    )
).key
TERM_YEARS = register(
    ParameterSpec(
        key="members.instructor_term_years",
        label="指导员一任几年",
        kind="integer",
        default=2,
        minimum=1,
        maximum=10,
        unit="年",
        source="沁县、华蓥市党建工作指导员办法：任期两年",
    )
).key
