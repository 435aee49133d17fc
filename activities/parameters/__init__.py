"""What the committee may set for activities."""

from activities.parameters import duties, programs

__all__ = ["duties", "programs"]
