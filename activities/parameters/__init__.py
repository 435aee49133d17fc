"""What the committee may set for activities."""

from activities.parameters import (
    duties,
    households,
    programs,
    projects,
    requests,
    reviews,
    study,
)

__all__ = [
    "duties",
    "households",
    "programs",
    "projects",
    "requests",
    "reviews",
    "study",
]
