"""Reads of plans: they bind the branches below them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from config.lib.paths import ancestors
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class PlanQuerySet(models.QuerySet):
    def binding(self, roots: Iterable[str]) -> PlanQuerySet:
        """Plans that concern branches in the subtrees at `roots`.

        Made below them, at them or above them.
        """
        roots = list(roots)
        below = within(roots, "organization__path")
        if below is None:
            return self.none()
        above = {path for root in roots for path in ancestors(root)}
        return self.filter(below | Q(organization__path__in=above))

    def visible_to(self, user: User) -> PlanQuerySet:
        """Plans that concern branches whose members `user` sees."""
        return self.binding(user.member_paths)

    def in_force(self) -> PlanQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class CalendarFeedQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> CalendarFeedQuerySet:
        return self.filter(user=user)

    def in_use(self) -> CalendarFeedQuerySet:
        return self.filter(ended_at__isnull=True)
