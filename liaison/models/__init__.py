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
from liaison.models.year import CardSummary, PlannedInvitation

__all__ = [
    "CardEntry",
    "CardSummary",
    "ClaimPost",
    "Delivery",
    "FeedbackPacket",
    "FeedbackPeriod",
    "FeedbackRemark",
    "LiaisonCard",
    "PlannedInvitation",
    "PostClaim",
    "Receipt",
    "Reminder",
]
