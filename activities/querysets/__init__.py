"""Reads of the activities app, scoped by the organizing branch or by the member."""

from activities.querysets.activities import (
    AchievementQuerySet,
    ActivityPhotoQuerySet,
    ActivityQuerySet,
    ParticipationQuerySet,
    ProgramQuerySet,
)

__all__ = [
    "AchievementQuerySet",
    "ActivityPhotoQuerySet",
    "ActivityQuerySet",
    "ParticipationQuerySet",
    "ProgramQuerySet",
]
