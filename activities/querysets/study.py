"""Reads of self-study and of who holds a post: they go with the person."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q

from members.querysets.employment import OfMemberQuerySet


class OfficerQuerySet(OfMemberQuerySet):
    def in_force_on(self, day: date) -> Self:
        """Posts held on `day`, [starts_on, ends_on)."""
        return self.filter(starts_on__lte=day).filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=day)
        )


class SelfStudyQuerySet(OfMemberQuerySet):
    def counted(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def open_questions(self) -> Self:
        """Questions that nobody has answered yet."""
        return self.counted().exclude(question="").filter(answered_on__isnull=True)
