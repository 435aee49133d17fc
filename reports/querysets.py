"""Reads of the reports app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from organizations.models import Organization

if TYPE_CHECKING:
    from organizations.models import User


class MonthSummaryQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> MonthSummaryQuerySet:
        return self.filter(
            organization__in=Organization.objects.with_right(user, "view_reports")
        )


class MonthClosingQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> MonthClosingQuerySet:
        return self.filter(
            organization__in=Organization.objects.with_right(user, "view_reports")
        )


class ExportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> ExportQuerySet:
        """A user's own exports."""
        return self.filter(requested_by=user)
