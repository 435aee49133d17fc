"""Reads of commendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class CommendationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> CommendationQuerySet:
        """Those of the branches where `user` sees members, and of their people."""
        wanted = within(user.member_paths, "organization__path")
        if wanted is None:
            return self.none()
        members = self.model._meta.get_field("member").related_model.objects
        return self.filter(
            wanted | models.Q(member__in=members.visible_to(user).values("pk"))
        )

    def counted(self) -> CommendationQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)
