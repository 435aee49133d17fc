"""Reads of people on the way into the Party."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from members.choices.development import Stage
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class ApplicantQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ApplicantQuerySet:
        """Applicants of branches where `user` sees members."""
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def open(self) -> ApplicantQuerySet:
        """Those still on the way."""
        return self.exclude(stage__in=[Stage.ADMITTED, Stage.CLOSED])


class DevelopmentStepQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> DevelopmentStepQuerySet:
        """Steps taken by branches where `user` sees members."""
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def counted(self) -> DevelopmentStepQuerySet:
        """Those that were not withdrawn, in the order written."""
        return self.filter(withdrawn_at__isnull=True).order_by("pk")
