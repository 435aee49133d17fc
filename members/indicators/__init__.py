"""Figures of the members app; each module registers its group when it is loaded."""

from members.indicators import (
    dues,
    employment,
    hardship,
    mobile,
    quality,
    reporting,
    standing,
    transfers,
)
from members.indicators.roll import CAME, LEFT, age_bands

__all__ = [
    "CAME",
    "LEFT",
    "age_bands",
    "dues",
    "employment",
    "hardship",
    "mobile",
    "quality",
    "reporting",
    "standing",
    "transfers",
]
