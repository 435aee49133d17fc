"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import agreements, loop, own, posts, years

__all__ = ["agreements", "loop", "own", "posts", "years"]
