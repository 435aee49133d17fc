"""Warnings of the activities app; each module registers its own when it is loaded."""

from activities.alerts import achievements, duties, programs, study

__all__ = ["achievements", "duties", "programs", "study"]
