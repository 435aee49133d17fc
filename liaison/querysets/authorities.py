"""Reads of two-way contact: authorities and exchanges lie at the street itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from config.lib.dates import months_after
from liaison.rules.authorities import RHYTHMS
from organizations.access import Right
from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from organizations.models import User


class AuthorityPartQuerySet(BelowQuerySet):
    """Rows of an authority, where `place` leads to the street that keeps contact."""

    place = "authority__organization"

    def visible_to(self, user: User) -> Self:
        """Those of the streets where `user` keeps contact with authorities."""
        return self.lying_below(user.rights_paths(Right.KEEP_AUTHORITIES), self.place)


class AuthorityQuerySet(AuthorityPartQuerySet):
    place = "organization"

    def in_use(self) -> Self:
        return self.filter(retired_on__isnull=True)

    def with_last_day(self) -> Self:
        """Annotate `last_on`, the last exchange, and `moved_on`, that or the start."""
        rows = self.model._meta.get_field("exchanges").related_model.objects
        mine = rows.standing().filter(authority=OuterRef("pk"))
        last = mine.order_by("-held_on").values("held_on")[:1]
        return self.annotate(last_on=Subquery(last)).annotate(
            moved_on=Greatest("since", Coalesce("last_on", "since"))
        )

    def with_open(self, today: date) -> Self:
        """Annotate `waiting` and `late`: exchanges not answered, and overdue ones."""
        rows = self.model._meta.get_field("exchanges").related_model.objects
        mine = rows.standing().filter(authority=OuterRef("pk")).order_by()
        return self.annotate(
            waiting=_number(mine.open()), late=_number(mine.overdue(today))
        )

    def due(self, today: date, months: int, days: int) -> Self:
        """Those whose next exchange is due within `days`, or was.

        `months` is the rhythm of those that have none of their own.
        """
        last = today + timedelta(days=days)
        wanted = Q(months__isnull=True, moved_on__lte=months_after(last, -months))
        for each in RHYTHMS:
            wanted |= Q(months=each, moved_on__lte=months_after(last, -each))
        return self.in_use().with_last_day().filter(wanted)


class ExchangeQuerySet(AuthorityPartQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def open(self) -> Self:
        """To be answered, or answered with something left open."""
        return self.standing().filter(
            Q(answered_on__isnull=True, due_on__isnull=False) | ~Q(left_open="")
        )

    def overdue(self, today: date) -> Self:
        return self.standing().filter(answered_on__isnull=True, due_on__lt=today)

    def answered(self) -> Self:
        return self.standing().filter(answered_on__isnull=False, left_open="")


def _number(rows: ExchangeQuerySet) -> Coalesce:
    counted = rows.values("authority").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)
