"""Reads of who holds or held a post, and who stood for one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from members.querysets.employment import OfMemberQuerySet
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class OfficerQuerySet(OfMemberQuerySet):
    """Posts go with the person, and stay with the organization he held them in."""

    def of_teams_visible_to(self, user: User) -> Self:
        """Those of organizations where `user` sees members, whoever left since."""
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def in_force_on(self, day: date) -> Self:
        """Posts held on `day`, [starts_on, ends_on)."""
        return self.filter(starts_on__lte=day).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        )

    def current(self) -> Self:
        return self.filter(ends_on__isnull=True)


class CandidateQuerySet(OfMemberQuerySet):
    """Whoever sees the members of the organization reads who stood there."""

    def visible_to(self, user: User) -> Self:
        wanted = within(user.member_paths, "election__organization__path")
        return self.filter(wanted) if wanted is not None else self.none()
