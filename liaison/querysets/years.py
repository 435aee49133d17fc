"""Reads of what belongs to a card: its plan of the year and its summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from organizations.models import User


class OfCardQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Rows of cards of branches where `user` sees members."""
        return self.lying_below(user.member_paths, "card__organization")
