"""Warnings of the members app; each module registers its own when it is loaded."""

from members.alerts import (
    hardship,
    mobile,
    people,
    quality,
    standing,
    transfers,
)

__all__ = ["hardship", "mobile", "people", "quality", "transfers"]
from members.alerts import dues

__all__ = ["dues", "mobile", "people", "quality", "transfers"]
__all__ = ["hardship", "mobile", "people", "quality", "standing", "transfers"]
from members.alerts import (
    employment,
__all__ = ["dues", "people", "quality", "transfers"]
__all__ = ["hardship", "people", "quality", "standing", "transfers"]

__all__ = [
    "dues",
    "employment",
    "hardship",
    "mobile",
    "hardship",
    "people",
    "quality",
    "transfers",
]
