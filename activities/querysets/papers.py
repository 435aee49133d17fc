"""Reads of papers: with the activity they were written for, and with their author."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import BooleanField, Case, Q, Value, When

from organizations.querysets import LiesBelow

if TYPE_CHECKING:
    from organizations.models import User


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Papers of activities organized where `user` sees members, and by these.

        A street's seminar hears members of every branch, whose secretaries do not
        open the street's own pages.
        """
        roots = tuple(user.member_paths)
        if not roots:
            return self.none()
        return self.filter(
            Q(LiesBelow(roots, "activity__organization")) | self._by_seen(user)
        )

    def with_names(self, user: User) -> Self:
        """Annotate `is_named`: whether `user` may read who wrote it."""
        named = When(Q(member__isnull=True) | self._by_seen(user), then=Value(True))
        return self.annotate(
            is_named=Case(named, default=Value(False), output_field=BooleanField())
        )

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def _by_seen(self, user: User) -> Q:
        people = self.model._meta.get_field("member").related_model.objects
        return Q(member__in=people.visible_to(user).order_by().values("pk"))
