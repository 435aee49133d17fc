"""Reads of the Party school: its terms lie on the way up or down from the reader."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from activities.rules.school import LATE_DAYS
from config.lib.paths import ancestors
from organizations.querysets import within

if TYPE_CHECKING:
    from datetime import date

    from organizations.models import Organization, User


def _on_the_line(user: User, field: str) -> Q | None:
    """Organizations under the user's roots, and those above, whose school is his."""
    below = within(user.member_paths, field)
    if below is None:
        return None
    above = {path for root in user.member_paths for path in ancestors(root)}
    return below | Q(**{f"{field}__in": sorted(above)})


class SchoolTermQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Terms of the user's places and of those above, to whose school he sends."""
        wanted = _on_the_line(user, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class CourseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Courses of visible terms."""
        wanted = _on_the_line(user, "term__organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def offered_at(self, organization: Organization, today: date) -> Self:
        """Courses that `organization` may hold a session of: its own and from above.

        Those of running terms, and for a while of ended ones: records come in late.
        """
        return self.filter(
            term__organization__path__in=ancestors(organization.path),
            term__starts_on__lte=today,
            term__ends_on__gte=today - timedelta(days=LATE_DAYS),
        )
