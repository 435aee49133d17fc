"""Reads of the activities app, scoped by the organizing branch or by the member."""

from activities.querysets.activities import (
    AchievementQuerySet,
    ActivityPhotoQuerySet,
    ActivityQuerySet,
    ParticipationQuerySet,
    ProgramQuerySet,
)
from activities.querysets.school import CourseQuerySet, SchoolTermQuerySet

__all__ = [
    "AchievementQuerySet",
    "ActivityPhotoQuerySet",
    "ActivityQuerySet",
    "CourseQuerySet",
    "ParticipationQuerySet",
    "ProgramQuerySet",
    "SchoolTermQuerySet",
]
