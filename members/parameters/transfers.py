"""What the committee may set for letters and relations on their way."""

from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

MOST_DAYS = "members.letter_days_most"
USUAL_DAYS = "members.letter_days_usual"
EXPIRY_NOTICE = "members.letter_notice_days"
RECEIPT_DAYS = "members.receipt_days"
LIMBO_DAYS = "members.transfer_limbo_days"
MOST_TOGETHER = "members.transfers_together"
_LETTER = "《中国共产党党员组织关系介绍信》填写说明"

register_days(MOST_DAYS, "介绍信有效期上限", 90, 180, f"{_LETTER}：最长不超过3个月")
register_days(
    USUAL_DAYS, "介绍信有效期惯用天数", 30, 180, f"{_LETTER}：市内10天、市外30天"
)
register_days(EXPIRY_NOTICE, "介绍信到期提前提醒天数", 7, 60, "提前量为本平台默认值")
register_days(
    RECEIPT_DAYS, "回执应在接收后多少天内寄回", 30, 180, f"{_LETTER}：一个月内"
)
register_days(
    LIMBO_DAYS,
    "转接多少天未被接收须催办",
    90,
    365,
    "《中国共产党党员教育管理工作条例》第二十五条：接收之前由原党组织负责",
)
register(
    ParameterSpec(
        key=MOST_TOGETHER,
        label="一次最多批量转接的人数",
        kind="integer",
        default=500,
        minimum=1,
        maximum=2000,
        unit="人",
        source="本平台默认值",
    )
)
