"""What the committee may set for study."""

from __future__ import annotations

from typing import Any

from activities.choices import ActivityKind
from config.lib.errors import RuleError
from organizations.parameters import ParameterSpec, register

_RULES = "《中国共产党党员教育管理工作条例》、全国党员教育培训工作规划"
KINDS = "study.kinds"
MEMBER_HOURS = "study.member_hours"
OFFICER_HOURS = "study.officer_hours"
DAY_HOURS = "study.day_hours"
SELF_DAY_HOURS = "study.self_day_hours"
REMIND_FROM_MONTH = "study.remind_from_month"
TOLERANCE = "study.tolerance_hours"
# What changes the figures of past months.
COUNTING = (KINDS, MEMBER_HOURS, OFFICER_HOURS, DAY_HOURS)


def _check_kinds(value: Any) -> None:
    labels = {kind.label for kind in ActivityKind}
    if unknown := [word for word in value if word not in labels]:
        raise RuleError(
            f"没有“{'、'.join(unknown)}”这种活动类型，请照活动类型的名称填写。",
            code="kinds",
        )


def _integer(
    key: str, label: str, default: int, maximum: int, unit: str, source: str
) -> None:
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=0 if key == TOLERANCE else 1,
            maximum=maximum,
            unit=unit,
            source=source,
        )
    )


register(
    ParameterSpec(
        key=KINDS,
        label="计入集中学习学时的活动类型",
        kind="list",
        default=[
            kind.label
            for kind in (
                ActivityKind.STUDY,
                ActivityKind.LECTURE,
                ActivityKind.SEMINAR,
                ActivityKind.EXCHANGE,
            )
        ],
        check=_check_kinds,
        source="基层党组织学时管理办法：集中学习、党课、研讨计学时",
    )
)
_integer(MEMBER_HOURS, "党员每年集中学习培训学时", 32, 200, "学时", _RULES)
_integer(OFFICER_HOURS, "书记和班子成员每年学时", 56, 200, "学时", _RULES)
_integer(
    DAY_HOURS, "一天最多计多少学时", 8, 24, "学时", "学时管理办法：脱产培训一天计8学时"
)
_integer(
    SELF_DAY_HOURS,
    "一天最多登记多少自学学时",
    4,
    24,
    "学时",
    "学时管理办法：小组学习半天计4学时，自学从此",
)
_integer(
    REMIND_FROM_MONTH, "学时落后从几月起提醒", 7, 12, "月", "本平台默认值：上半年不催"
)
_integer(
    TOLERANCE, "落后多少学时以内不算落后", 4, 100, "学时", "本平台默认值：半天的课"
)
