"""Figures of the members app; each module registers its group when it is loaded."""

from members.indicators import (
    coverage,
    development,
    dues,
    employment,
    hardship,
    instructors,
    mobile,
    mutual,
    quality,
    reporting,
    standing,
    teams,
    transfers,
)
from members.indicators.roll import CAME, LEFT, age_bands

__all__ = [
    "CAME",
    "LEFT",
    "age_bands",
    "coverage",
    "development",
    "dues",
    "employment",
    "hardship",
    "instructors",
    "mobile",
    "mutual",
    "quality",
    "reporting",
    "standing",
    "teams",
    "transfers",
]
