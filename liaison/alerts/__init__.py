"""Warnings of the liaison app; each module registers its own when it is loaded."""

from liaison.alerts import (
    agreements,
    authorities,
    conferences,
    loop,
    own,
    pairs,
    posts,
    reports,
    units,
)

__all__ = [
    "agreements",
    "authorities",
    "conferences",
    "loop",
    "own",
    "pairs",
    "posts",
    "reports",
    "units",
]
