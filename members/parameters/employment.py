"""What the committee may set for help towards work."""

from members.parameters.days import register_days

QUARTER_NOTICE = "members.quarter_notice_days"
OFFER_DAYS = "members.job_offer_days"

register_days(
    QUARTER_NOTICE,
    "下岗失业党员本季度没有联系帮扶的，季度末前多少天起催办",
    30,
    80,
    "街道就业台账按季度登记；天数为本平台默认值",
)
register_days(
    OFFER_DAYS,
    "推荐岗位多少天没有结果须催问",
    30,
    180,
    "街道就业台账按月、按季度登记；天数为本平台默认值",
)
