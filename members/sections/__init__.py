"""Sections of the page of a membership; each module registers its own when loaded."""
