"""Warnings of the activities app; each module registers its own when it is loaded."""

from activities.alerts import (
    achievements,
    duties,
    households,
    programs,
    projects,
    requests,
    reviews,
    study,
    teams,
)

__all__ = [
    "achievements",
    "duties",
    "households",
    "programs",
    "projects",
    "requests",
    "reviews",
    "study",
    "teams",
]
