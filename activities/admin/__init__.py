"""The browser admin of the activities app: to look at only."""

from activities.admin.activities import (
    AchievementAdmin,
    ActivityAdmin,
    ProgramAdmin,
)
from activities.admin.households import HouseholdAdmin, VisitAdmin
from activities.admin.projects import ServiceProjectAdmin
from activities.admin.school import SchoolTermAdmin
from activities.admin.teams import VolunteerTeamAdmin

__all__ = [
    "AchievementAdmin",
    "ActivityAdmin",
    "HouseholdAdmin",
    "ProgramAdmin",
    "SchoolTermAdmin",
    "ServiceProjectAdmin",
    "VisitAdmin",
    "VolunteerTeamAdmin",
]
