"""Reads of plaques and the households behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class PlaqueQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> PlaqueQuerySet:
        """Plaques kept by organizations where `user` sees members."""
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def hung(self) -> PlaqueQuerySet:
        return self.filter(taken_down_on__isnull=True)


class PlaqueMemberQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> PlaqueMemberQuerySet:
        """Places in households whose plaque `user` sees."""
        wanted = within(user.member_paths, "plaque__organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def current(self) -> PlaqueMemberQuerySet:
        return self.filter(left_on__isnull=True)
