"""Reads of the liaison app, scoped by the branch that keeps a card."""

from liaison.querysets.loop import (
    CardEntryQuerySet,
    DeliveryQuerySet,
    FeedbackPacketQuerySet,
    FeedbackPeriodQuerySet,
    FeedbackRemarkQuerySet,
    LiaisonCardQuerySet,
    ReminderQuerySet,
    in_force_during,
)

__all__ = [
    "CardEntryQuerySet",
    "DeliveryQuerySet",
    "FeedbackPacketQuerySet",
    "FeedbackPeriodQuerySet",
    "FeedbackRemarkQuerySet",
    "LiaisonCardQuerySet",
    "ReminderQuerySet",
    "in_force_during",
]
