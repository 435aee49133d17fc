"""Reads of lost contact and of decisions about memberships."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from members.choices import AffiliationKind
from members.choices.standing import DecisionState, LostState
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User

OPEN_STATES = (LostState.SEARCHING, LostState.SUSPENDED)


class _OfBranch(models.QuerySet):
    def visible_to(self, user: User):
        """Those of branches where `user` sees members."""
        wanted = within(user.member_paths, "organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class LostCaseQuerySet(_OfBranch):
    def open(self) -> LostCaseQuerySet:
        return self.filter(state__in=OPEN_STATES)


class SearchStepQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> SearchStepQuerySet:
        """Steps of the cases that `user` sees."""
        wanted = within(user.member_paths, "case__organization__path")
        return self.filter(wanted) if wanted is not None else self.none()


class DecisionQuerySet(_OfBranch):
    def waiting(self) -> DecisionQuerySet:
        return self.filter(state=DecisionState.PROPOSED)

    def approved(self) -> DecisionQuerySet:
        return self.filter(state=DecisionState.APPROVED)


class OutOfTouchQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> OutOfTouchQuerySet:
        """Those whose formal relation lies where `user` sees members."""
        wanted = within(user.member_paths, "organization__path")
        if wanted is None:
            return self.none()
        member = self.model._meta.get_field("member").related_model
        rolls = member._meta.get_field("affiliations").related_model.objects.filter(
            wanted, ends_on__isnull=True, kind=AffiliationKind.ON_ROLL
        )
        return self.filter(member__in=rolls.values("member"))
