"""Reads of rosters and of claims to people known already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from members.choices import ClaimState
from organizations.models import Organization
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User


class RosterBatchQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> RosterBatchQuerySet:
        """Batches of subtrees where `user` may import; a branch sees only its own."""
        return self.filter(
            organization__in=Organization.objects.with_right(user, "import_members")
        )


class DuplicateClaimQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> DuplicateClaimQuerySet:
        """Claims in the subtrees where `user` settles them."""
        wanted = within(user.rights_paths("settle_claims"), "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()

    def open(self) -> DuplicateClaimQuerySet:
        return self.filter(state=ClaimState.OPEN)
