"""Warnings of the members app; each module registers its own when it is loaded."""

from members.alerts import (
    coverage,
    development,
    dues,
    employment,
    hardship,
    instructors,
    mobile,
    mutual,
    people,
    quality,
    reporting,
    standing,
    teams,
    transfers,
)

__all__ = [
    "coverage",
    "development",
    "dues",
    "employment",
    "hardship",
    "instructors",
    "mobile",
    "mutual",
    "people",
    "quality",
    "reporting",
    "standing",
    "teams",
    "transfers",
]
