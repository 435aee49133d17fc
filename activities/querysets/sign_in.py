"""Reads of sign-ins by the code on a screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from organizations.models import User


class SignInSessionQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> SignInSessionQuerySet:
        """Sessions of organizations in the subtrees where `user` sees members."""
        return self.lying_below(user.member_paths)

    def open(self, now: datetime) -> SignInSessionQuerySet:
        return self.filter(closes_at__gt=now, activity__isnull=True)


class SignInQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> SignInQuerySet:
        from_members = self.model._meta.get_field("member").related_model.objects
        return self.filter(member__in=from_members.visible_to(user))
