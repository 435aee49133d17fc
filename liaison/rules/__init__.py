"""Rules of the liaison app: pure, dates passed in."""

from liaison.rules.loop import (
    MAX_WORDS,
    check_entry,
    check_remark,
    due_on,
    feedback_round,
    is_reminder_due,
    rhythm_starts_on,
    supplement_title,
)

__all__ = [
    "MAX_WORDS",
    "check_entry",
    "check_remark",
    "due_on",
    "feedback_round",
    "is_reminder_due",
    "rhythm_starts_on",
    "supplement_title",
]
