"""What the committee may set for joint-building agreements."""

from __future__ import annotations

import re

from config.lib.errors import RuleError
from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

EXPIRING_DAYS = "liaison.agreement_expiring_days"
EXPIRED_DAYS = "liaison.agreement_expired_days"
SOON_DAYS = "liaison.obligation_soon_days"
REPORT_DAYS = "liaison.agreement_report_days"

register_days(
    EXPIRING_DAYS,
    "共建协议到期前几天提醒",
    30,
    365,
    "街道工作惯例：协议到期前一个月商量续签",
)
register_days(
    EXPIRED_DAYS,
    "共建协议到期没有续签，提醒几天",
    180,
    730,
    "本街道设定：到期不再续的，半年后不再提醒；天数为本平台默认值",
)
register_days(
    SOON_DAYS,
    "协议应办事项到期前几天提醒",
    15,
    90,
    "本街道设定：留出组织活动的时间；天数为本平台默认值",
)
register_days(
    REPORT_DAYS,
    "季度结束后几天内报告共建情况",
    10,
    60,
    "结对共建协议通行约定：每季度向街道书面报告；天数为本平台默认值",
)

# What the words of the street may name; each stands for what the agreement says.
PLACES = (
    *("甲方", "乙方", "见证方", "协议名称", "共建目标", "生效日期", "到期日期"),
    *("条款", "资源清单", "需求清单", "项目清单", "签字栏"),
)
_MARK = re.compile(r"\{([^{}]*)\}")


def _check_words(lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        unknown = [name for name in _MARK.findall(line) if name not in PLACES]
        if unknown:
            raise RuleError(
                f"第{number}段里的“{{{unknown[0]}}}”无法填写，"
                f"能用的有：{'、'.join(f'{{{name}}}' for name in PLACES)}。",
                code="words",
            )
    if not any("{条款}" in line for line in lines):
        raise RuleError("协议文本里要有一段“{条款}”，条款才有地方写。", code="words")


AGREEMENT_WORDS = register(
    ParameterSpec(
        key="liaison.agreement_words",
        label="共建协议文本",
        kind="list",
        default=[
            "甲方：{甲方}",
            "乙方：{乙方}",
            "见证方：{见证方}",
            "为推进区域化党建，做到资源共享、优势互补、共驻共建，甲乙双方经协商，"
            "签订本协议。",
            "一、共建目标：{共建目标}",
            "二、协议期限：自{生效日期}起至{到期日期}止。",
            "三、双方约定：",
            "{条款}",
            "四、共建清单：",
            "{资源清单}",
            "{需求清单}",
            "{项目清单}",
            "五、双方负责人牵头，明确专人联络，每次共建活动由社区登记在案，"
            "每季度向街道党工委书面报告履行情况。",
            "六、本协议一式三份，甲方、乙方、见证方各执一份，签字盖章后生效。",
            "{签字栏}",
        ],
        source="街道经验材料《街道党建创新》：签订联创共建协议书；文本可按本街道的说法修改",
        check=_check_words,
    )
)
