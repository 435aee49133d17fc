"""Figures of the liaison app; each module registers its own when it is loaded."""

from liaison.indicators import (
    agreements,
    authorities,
    conferences,
    loop,
    pairs,
    posts,
)

__all__ = ["agreements", "authorities", "conferences", "loop", "pairs", "posts"]
