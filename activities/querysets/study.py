"""Reads of self-study: it goes with the person."""

from __future__ import annotations

from typing import Self

from members.querysets.employment import OfMemberQuerySet


class SelfStudyQuerySet(OfMemberQuerySet):
    def counted(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def open_questions(self) -> Self:
        """Questions that nobody has answered yet."""
        return self.counted().exclude(question="").filter(answered_on__isnull=True)
