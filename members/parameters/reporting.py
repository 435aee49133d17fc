"""What the committee may set for reporting, plaques and residents' comments."""

from members.parameters.days import register_days

SLIP_DAYS = "members.slip_days"
ANSWER_DAYS = "members.comment_answer_days"

register_days(SLIP_DAYS, "报到单应在多少天内受理", 15, 180, "本平台默认值")
register_days(
    ANSWER_DAYS,
    "居民评议应在多少天内答复",
    30,
    180,
    "本平台默认值，参照信访事项办理的一般期限",
)
