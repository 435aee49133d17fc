"""Figures of the liaison app; each module registers its own when it is loaded."""

from liaison.indicators import loop, posts

__all__ = ["loop", "posts"]
