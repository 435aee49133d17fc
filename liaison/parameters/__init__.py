"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import loop, posts

__all__ = ["loop", "posts"]
