"""Figures of the members app; each module registers its group when it is loaded."""

from members.indicators import (
    hardship,
    mobile,
    quality,
    standing,
    transfers,
)
from members.indicators.roll import CAME, LEFT, age_bands

__all__ = ["CAME", "LEFT", "age_bands", "hardship", "mobile", "quality", "transfers"]
from members.indicators import dues

__all__ = ["CAME", "LEFT", "age_bands", "dues", "mobile", "quality", "transfers"]
__all__ = [
    "CAME",
    "LEFT",
    "age_bands",
    "hardship",
    "mobile",
    "quality",
    "standing",
    "transfers",
]
from members.indicators import (
    employment,
)

__all__ = ["CAME", "LEFT", "age_bands", "dues", "quality", "transfers"]
__all__ = ["CAME", "LEFT", "age_bands", "hardship", "quality", "standing", "transfers"]

__all__ = [
    "CAME",
    "LEFT",
    "age_bands",
    "dues",
    "employment",
    "hardship",
    "mobile",
    "quality",
    "transfers",
]
