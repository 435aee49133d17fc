"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import agreements, loop, own, pairs, posts, years

__all__ = ["agreements", "loop", "own", "pairs", "posts", "years"]
