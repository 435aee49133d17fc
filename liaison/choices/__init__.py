"""Code values of the liaison app: stored in English, shown in Chinese."""

from liaison.choices.loop import (
    PACKET_TONES,
    CardEndReason,
    CheckState,
    DeliveryState,
    EntryKind,
    FeedbackState,
    PacketState,
    PeriodKind,
    ReminderWay,
)

__all__ = [
    "PACKET_TONES",
    "CardEndReason",
    "CheckState",
    "DeliveryState",
    "EntryKind",
    "FeedbackState",
    "PacketState",
    "PeriodKind",
    "ReminderWay",
]
