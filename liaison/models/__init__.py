from liaison.models.agreement import Agreement, AgreementParty, Clause, ListItem
from liaison.models.card import CardEntry, LiaisonCard
from liaison.models.feedback import (
    Delivery,
    FeedbackPacket,
    FeedbackPeriod,
    FeedbackRemark,
    Receipt,
)
from liaison.models.obligation import (
    AgreementReport,
    Evidence,
    Obligation,
    ResourceUse,
)
from liaison.models.post import ClaimPost, PostClaim
from liaison.models.reminder import Reminder

__all__ = [
    "Agreement",
    "AgreementParty",
    "AgreementReport",
    "CardEntry",
    "ClaimPost",
    "Clause",
    "Delivery",
    "Evidence",
    "FeedbackPacket",
    "FeedbackPeriod",
    "FeedbackRemark",
    "LiaisonCard",
    "ListItem",
    "Obligation",
    "PostClaim",
    "Receipt",
    "Reminder",
    "ResourceUse",
]
