"""What the committee may set for cards, feedback and agreements."""

from liaison.parameters import loop

__all__ = ["loop"]
