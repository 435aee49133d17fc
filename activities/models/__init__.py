from activities.models.activity import Activity, ActivityPhoto, Participation
from activities.models.earned import Earned
from activities.models.feed import CalendarFeed
from activities.models.household import Household
from activities.models.minutes import Minutes
from activities.models.paper import Paper
from activities.models.plan import Plan, PlanLine
from activities.models.pledge import Pledge
from activities.models.program import Achievement, Program, ProgramItem
from activities.models.project import (
    Placement,
    ProjectFounder,
    ServicePost,
    ServiceProject,
)
from activities.models.request import RequestClaim, ServiceRequest
from activities.models.review import Review, ReviewResult
from activities.models.school import Course, SchoolTerm
from activities.models.sign_in import SignIn, SignInSession
from activities.models.study import SelfStudy
from activities.models.team import Availability, TeamPlace, VolunteerTeam
from activities.models.visit import MatterStep, Visit, VisitMatter, VisitMember

__all__ = [
    "Achievement",
    "Activity",
    "ActivityPhoto",
    "Availability",
    "CalendarFeed",
    "Course",
    "Earned",
    "Household",
    "MatterStep",
    "Minutes",
    "Paper",
    "Participation",
    "Placement",
    "Plan",
    "PlanLine",
    "Pledge",
    "Program",
    "ProgramItem",
    "ProjectFounder",
    "RequestClaim",
    "Review",
    "ReviewResult",
    "SchoolTerm",
    "SelfStudy",
    "ServicePost",
    "ServiceProject",
    "ServiceRequest",
    "SignIn",
    "SignInSession",
    "TeamPlace",
    "Visit",
    "VisitMatter",
    "VisitMember",
    "VolunteerTeam",
]
