from activities.models.activity import Activity, ActivityPhoto, Participation
from activities.models.earned import Earned
from activities.models.feed import CalendarFeed
from activities.models.plan import Plan, PlanLine
from activities.models.pledge import Pledge
from activities.models.program import Achievement, Program, ProgramItem
from activities.models.sign_in import SignIn, SignInSession

__all__ = [
    "Achievement",
    "Activity",
    "ActivityPhoto",
    "CalendarFeed",
    "Earned",
    "Participation",
    "Plan",
    "PlanLine",
    "Pledge",
    "Program",
    "ProgramItem",
    "SignIn",
    "SignInSession",
]
