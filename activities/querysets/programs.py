"""Reads of what members have earned."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q, Subquery, Sum
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from organizations.models import User


class EarnedQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> EarnedQuerySet:
        from_members = self.model._meta.get_field("member").related_model.objects
        return self.filter(member__in=from_members.visible_to(user))

    def between(self, start: date, end: date) -> EarnedQuerySet:
        return self.filter(earned_on__gte=start, earned_on__lt=end)

    def times_of_each(self) -> Coalesce:
        """The times of the one member these rows are of, as an expression."""
        summed: Any = self.order_by().values("member").annotate(sum=Sum("times"))
        return Coalesce(Subquery(summed.values("sum")), 0)


class ProgramItemQuerySet(models.QuerySet):
    def in_force(self, today: date) -> ProgramItemQuerySet:
        """Items of the programs that may be earned today."""
        return self.filter(program__valid_from__lte=today).filter(
            Q(program__valid_until__isnull=True) | Q(program__valid_until__gt=today)
        )

    def by_hand(self) -> ProgramItemQuerySet:
        """Those that an activity or a record of a branch earns."""
        return self.filter(earned_by="")


class PledgeQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> PledgeQuerySet:
        from_members = self.model._meta.get_field("member").related_model.objects
        return self.filter(member__in=from_members.visible_to(user))

    def standing(self) -> PledgeQuerySet:
        return self.filter(withdrawn_at__isnull=True)
