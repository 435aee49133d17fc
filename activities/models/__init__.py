from activities.models.activity import Activity, ActivityPhoto, Participation
from activities.models.earned import Earned
from activities.models.feed import CalendarFeed
from activities.models.plan import Plan, PlanLine
from activities.models.pledge import Pledge
from activities.models.program import Achievement, Program, ProgramItem
from activities.models.school import Course, SchoolTerm
from activities.models.sign_in import SignIn, SignInSession
from activities.models.study import Officer, SelfStudy

__all__ = [
    "Achievement",
    "Activity",
    "ActivityPhoto",
    "CalendarFeed",
    "Course",
    "Earned",
    "Officer",
    "Participation",
    "Plan",
    "PlanLine",
    "Pledge",
    "Program",
    "ProgramItem",
    "SchoolTerm",
    "SelfStudy",
    "SignIn",
    "SignInSession",
]
