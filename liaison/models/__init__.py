from liaison.models.card import CardEntry, LiaisonCard
from liaison.models.feedback import (
    Delivery,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    Receipt,
)
from liaison.models.post import ClaimPost, PostClaim
from liaison.models.reminder import Reminder

__all__ = [
    "CardEntry",
    "ClaimPost",
    "Delivery",
    "FeedbackPacket",
    "FeedbackPeriod",
    "FeedbackRemark",
    "LiaisonCard",
    "PostClaim",
    "Receipt",
    "Reminder",
]
