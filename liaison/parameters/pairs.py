"""What the committee may set for pair building."""

from __future__ import annotations

from config.lib.errors import RuleError
from liaison.choices.pairs import PAIR_FIELDS
from members.parameters.days import register_days
from organizations import parameters
from organizations.parameters import ParameterSpec, register

IDLE_DAYS = "liaison.pair_idle_days"
PLAN_DAYS = "liaison.pair_plan_days"

register_days(
    IDLE_DAYS,
    "结对共建几天没有活动提醒",
    90,
    365,
    "结对共建协议通行约定：每年活动不少于数次、每季度报告；天数为本平台默认值",
)
register_days(
    PLAN_DAYS,
    "年初（结对后）几天内定年度计划",
    30,
    180,
    "结对共建协议通行约定：双方每年定计划；天数为本平台默认值",
)

_LABELS = {field.label: field.value for field in PAIR_FIELDS}


def _check_words(lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        label, mark, words = line.partition("：")
        if not mark or label.strip() not in _LABELS or not _split(words):
            raise RuleError(
                f"第{number}行请写成“文化共建：学校、教育”，"
                f"冒号前能用的有：{'、'.join(_LABELS)}。",
                code="words",
            )


def _split(words: str) -> list[str]:
    return [word.strip() for word in words.split("、") if word.strip()]


PAIR_WORDS = register(
    ParameterSpec(
        key="liaison.pair_words",
        label="结对推荐：各领域看哪些词",
        kind="list",
        default=[
            "经济共建：银行、税务、市场监管、商业、商贸、超市、金融、就业、人社、技能",
            "文化共建：学校、小学、中学、大学、教育、文化、图书、体育、科普、青少年",
            "治安共建：公安、派出所、司法、法院、律师、法律、消防、安保、交通、防诈骗",
            "环境共建：环卫、环保、园林、绿化、物业、水务、电力、医院、卫生、建设",
        ],
        source="街道经验材料《街道党建创新》：地域相邻、单位相近；用词为本平台默认值",
        check=_check_words,
    )
)


def field_words() -> dict[str, list[str]]:
    """What each field is told by in the names and trades of units and in needs."""
    found: dict[str, list[str]] = {}
    for line in parameters.get(PAIR_WORDS.key):
        label, _, words = line.partition("：")
        found.setdefault(_LABELS[label.strip()], []).extend(_split(words))
    return found
