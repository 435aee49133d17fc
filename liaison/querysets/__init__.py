"""Reads of the liaison app, scoped by the branch that keeps a card."""

from liaison.querysets.loop import (
    CardEntryQuerySet,
    DeliveryQuerySet,
    FeedbackCheckQuerySet,
    FeedbackPacketQuerySet,
    FeedbackPeriodQuerySet,
    FeedbackRemarkQuerySet,
    LiaisonCardQuerySet,
    ReminderQuerySet,
    UnitScheduleQuerySet,
    in_force_during,
)

__all__ = [
    "CardEntryQuerySet",
    "DeliveryQuerySet",
    "FeedbackCheckQuerySet",
    "FeedbackPacketQuerySet",
    "FeedbackPeriodQuerySet",
    "FeedbackRemarkQuerySet",
    "LiaisonCardQuerySet",
    "ReminderQuerySet",
    "UnitScheduleQuerySet",
    "in_force_during",
]
