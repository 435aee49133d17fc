"""What the committee may set for the democratic review of members."""

from activities.rules.reviews import LIMIT_SOURCE
from members.parameters.days import register_days
from organizations.parameters import ParameterSpec, register

SHARE = "activities.review_excellent_share"
APPROVE_DAYS = "activities.review_approve_days"

register(
    ParameterSpec(
        key=SHARE,
        label="民主评议优秀等次不超过参评党员的几分之一",
        kind="integer",
        default=3,
        minimum=1,
        maximum=20,
        source=LIMIT_SOURCE,
    )
)
register_days(
    APPROVE_DAYS,
    "民主评议审定后几天没有批准即提醒上级",
    14,
    180,
    "本平台默认值：审定后两周内批准",
)
