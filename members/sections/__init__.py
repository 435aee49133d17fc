"""Sections of the page of a membership; each module registers its own when loaded."""

from members.sections import decisions, development

__all__ = ["decisions", "development"]
