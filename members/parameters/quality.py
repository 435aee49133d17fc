"""What the committee may set for the quality of records."""

from members.parameters.days import register_days

MERGE_UNDO_DAYS = "members.merge_undo_days"

register_days(MERGE_UNDO_DAYS, "合并档案后可以撤销的天数", 30, 365, "本平台默认值")
