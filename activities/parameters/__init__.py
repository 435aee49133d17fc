"""What the committee may set for activities."""

from activities.parameters import duties, programs, study

__all__ = ["duties", "programs", "study"]
