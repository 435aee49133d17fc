"""Sections of the page of a membership; each module registers its own when loaded."""

from members.sections import development

__all__ = ["development"]
