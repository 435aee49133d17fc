"""Warnings of the activities app; each module registers its own when it is loaded."""

from activities.alerts import duties, programs

__all__ = ["duties", "programs"]
