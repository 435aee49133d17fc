"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import loop, posts, years

__all__ = ["loop", "posts", "years"]
