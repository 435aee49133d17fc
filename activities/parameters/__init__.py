"""What the committee may set for activities."""

from activities.parameters import party_life

__all__ = ["party_life"]
