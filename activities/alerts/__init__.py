"""Warnings of the activities app; each module registers its own when it is loaded."""

from activities.alerts import party_life

__all__ = ["party_life"]
