from activities.models.activity import Activity, ActivityPhoto, Participation
from activities.models.feed import CalendarFeed
from activities.models.plan import Plan, PlanLine
from activities.models.program import Achievement, Program, ProgramItem

__all__ = [
    "Achievement",
    "Activity",
    "ActivityPhoto",
    "CalendarFeed",
    "Participation",
    "Plan",
    "PlanLine",
    "Program",
    "ProgramItem",
]
