from activities.models.activity import Activity, ActivityPhoto, Participation
from activities.models.program import Achievement, Program, ProgramItem

__all__ = [
    "Achievement",
    "Activity",
    "ActivityPhoto",
    "Participation",
    "Program",
    "ProgramItem",
]
