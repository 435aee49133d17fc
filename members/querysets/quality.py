"""Reads of pairs of records that may be one, and of records that became one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from members.choices.quality import PairState
from organizations.models import Organization

if TYPE_CHECKING:
    from organizations.models import User


class DuplicatePairQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> DuplicatePairQuerySet:
        """Pairs of which both people belong, or once belonged, to the user's street."""
        known = _ever_in(self.model, "first", user)
        return self.filter(first__in=known, second__in=known)

    def open(self) -> DuplicatePairQuerySet:
        return self.filter(state=PairState.OPEN)


class MemberMergeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> MemberMergeQuerySet:
        """Mergers into a record of the user's street; by right of settling claims."""
        return self.filter(kept__in=_ever_in(self.model, "kept", user))


def _ever_in(model: type[models.Model], name: str, user: User) -> models.QuerySet:
    """Ids of people with a relation, open or ended, where `user` settles claims."""
    member = model._meta.get_field(name).related_model
    affiliations = member._meta.get_field("affiliations").related_model.objects
    return affiliations.filter(
        organization__in=Organization.objects.with_right(user, "settle_claims")
    ).values("member")
