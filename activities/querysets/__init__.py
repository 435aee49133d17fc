"""Reads of the activities app, scoped by the organizing branch or by the member."""

from activities.querysets.activities import (
    AchievementQuerySet,
    ActivityPhotoQuerySet,
    ActivityQuerySet,
    ParticipationQuerySet,
    ProgramQuerySet,
)
from activities.querysets.requests import (
    RequestClaimQuerySet,
    ServiceRequestQuerySet,
)
from activities.querysets.school import CourseQuerySet, SchoolTermQuerySet
from activities.querysets.teams import (
    AvailabilityQuerySet,
    TeamPlaceQuerySet,
    VolunteerTeamQuerySet,
)

__all__ = [
    "AchievementQuerySet",
    "ActivityPhotoQuerySet",
    "ActivityQuerySet",
    "AvailabilityQuerySet",
    "CourseQuerySet",
    "ParticipationQuerySet",
    "ProgramQuerySet",
    "RequestClaimQuerySet",
    "SchoolTermQuerySet",
    "ServiceRequestQuerySet",
    "TeamPlaceQuerySet",
    "VolunteerTeamQuerySet",
]
