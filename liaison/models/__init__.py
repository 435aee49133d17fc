from liaison.models.card import CardEntry, LiaisonCard
from liaison.models.feedback import (
    Delivery,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    Receipt,
)
from liaison.models.reminder import Reminder

__all__ = [
    "CardEntry",
    "Delivery",
    "FeedbackPacket",
    "FeedbackPeriod",
    "FeedbackRemark",
    "LiaisonCard",
    "Receipt",
    "Reminder",
]
