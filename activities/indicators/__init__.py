"""Figures of the activities app; each module registers its group when it is loaded."""

from activities.indicators import (
    activities,
    duties,
    households,
    projects,
    requests,
    reviews,
    study,
    teams,
)

__all__ = [
    "activities",
    "duties",
    "households",
    "projects",
    "requests",
    "reviews",
    "study",
    "teams",
]
