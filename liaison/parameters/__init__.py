"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import (
    agreements,
    authorities,
    conferences,
    loop,
    own,
    pairs,
    posts,
    years,
)

__all__ = [
    "agreements",
    "authorities",
    "conferences",
    "loop",
    "own",
    "pairs",
    "posts",
    "years",
]
