"""Warnings of the members app; each module registers its own when it is loaded."""

from members.alerts import people, quality, transfers

__all__ = ["people", "quality", "transfers"]
