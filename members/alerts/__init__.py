"""Warnings of the members app; each module registers its own when it is loaded."""

from members.alerts import people, transfers

__all__ = ["people", "transfers"]
