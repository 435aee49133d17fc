"""Reads of what home units told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison.choices.reports import ReportState
from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from organizations.models import User


class UnitReportQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> UnitReportQuerySet:
        """Reports for the places where `user` keeps cards."""
        return self.lying_below(user.rights_paths("keep_cards"))

    def open(self) -> UnitReportQuerySet:
        return self.filter(state=ReportState.OPEN)
