"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import agreements, loop, posts

__all__ = ["agreements", "loop", "posts"]
