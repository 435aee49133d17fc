"""Reads of contacts with members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class ContactQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ContactQuerySet:
        """Contacts made by branches where `user` sees members."""
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def counted(self) -> ContactQuerySet:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)
