"""Reads of dues: what is reckoned, what was paid, and up to when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from members.choices import AffiliationKind

if TYPE_CHECKING:
    from organizations.models import User


class DuesQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Rows of members on a roll where `user` sees members.

        Dues are paid where the relation lies, so branches that only co-manage
        somebody learn nothing of his income.
        """
        members = self.model._meta.get_field("member").related_model.objects
        on_roll = members.visible_to(user, kind=AffiliationKind.ON_ROLL)
        return self.filter(member__in=on_roll.values("pk"))


class WithdrawableDuesQuerySet(DuesQuerySet):
    def counted(self) -> Self:
        """Those that were neither withdrawn nor replaced."""
        return self.filter(withdrawn_at__isnull=True)


class DuesBaseQuerySet(WithdrawableDuesQuerySet):
    def in_force(self, month: date) -> Self:
        """The one of each member that says what is due in the month."""
        return self.counted().filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=month), starts_on__lte=month
        )
