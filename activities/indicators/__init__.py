"""Figures of the activities app; each module registers its group when it is loaded."""

from activities.indicators import activities, households, study

__all__ = ["activities", "households", "study"]
