"""Reads of members who live or work away from their branch."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from organizations.querysets import BelowQuerySet, LiesBelow

if TYPE_CHECKING:
    from members.models import Member
    from organizations.models import User


class MobileStayQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> MobileStayQuerySet:
        """Stays whose home or host lies where `user` sees members.

        The one record of both sides is read by both: each may have to call the other.
        """
        return self.at_either(user.member_paths)

    def editable_by(self, user: User) -> MobileStayQuerySet:
        """Stays of which `user` keeps one side."""
        return self.at_either(user.rights_paths("edit_members"))

    def at_either(self, roots: Iterable[str]) -> MobileStayQuerySet:
        roots = tuple(roots)
        if not roots:
            return self.none()
        return self.filter(Q(LiesBelow(roots, "home")) | Q(LiesBelow(roots, "host")))

    def open(self) -> MobileStayQuerySet:
        return self.filter(ended_on__isnull=True)

    def of_people(self, people: Collection[Member]) -> MobileStayQuerySet:
        """Those of members, also the ones that know only the ID number so far."""
        indexes = {member.id_index for member in people} - {""}
        unknown = Q(member__isnull=True, id_index__in=indexes)
        return self.filter(Q(member__in=people) | unknown)

    def touching(self, member_ids: Collection[int], since: date) -> MobileStayQuerySet:
        """Stays of these members that lasted on `since` or later."""
        lasting = Q(ended_on__isnull=True) | Q(ended_on__gt=since)
        return self.filter(lasting, member__in=member_ids)

    def counts(self, conditions: dict[str, Q]) -> dict[str, int]:
        """How many fit each condition, in one pass."""
        return self.order_by().aggregate(
            **{name: Count("pk", filter=fits) for name, fits in conditions.items()}
        )
