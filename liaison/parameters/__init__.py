"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import (
    agreements,
    conferences,
    loop,
    own,
    pairs,
    posts,
    years,
)

__all__ = ["agreements", "conferences", "loop", "own", "pairs", "posts", "years"]
