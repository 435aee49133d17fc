"""Reads of minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from organizations.querysets import LiesBelow

if TYPE_CHECKING:
    from organizations.models import User


class MinutesQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> MinutesQuerySet:
        """Minutes of activities organized where `user` sees members."""
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        return self.filter(LiesBelow(roots, "activity__organization"))
