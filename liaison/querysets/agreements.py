"""Reads of agreements: they lie where the Party organization does that made them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from activities.choices import ActivityState
from organizations.access import Right
from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from config.lib.periods import Period
    from organizations.models import User


class AgreementPartQuerySet(BelowQuerySet):
    """Rows of an agreement, where `place` leads to the organization that made it."""

    place = "agreement__organization"

    def visible_to(self, user: User) -> Self:
        """Those that `user` keeps: communities their own, the street all of them."""
        return self.lying_below(user.rights_paths(Right.KEEP_AGREEMENTS), self.place)


class AgreementQuerySet(AgreementPartQuerySet):
    place = "organization"

    def standing(self) -> Self:
        return self.filter(discarded_at__isnull=True)

    def drafts(self) -> Self:
        return self.standing().filter(signed_on__isnull=True)

    def running(self, today: date) -> Self:
        """Signed, and neither over nor ended on that day; those to begin as well."""
        return self.filter(signed_on__isnull=False, ends_on__gte=today).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=today)
        )

    def held_in(self, period: Period) -> Self:
        """Signed ones that held on some day of the period."""
        return self.filter(
            signed_on__isnull=False,
            starts_on__lt=period.end,
            ends_on__gte=period.start,
        ).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=period.start))

    def expiring(self, today: date, days: int) -> Self:
        """Running ones that end within so many days and are not renewed."""
        return self.running(today).filter(
            ends_on__lte=today + timedelta(days=days), renewal__isnull=True
        )

    def expired(self, today: date) -> Self:
        """Over by their term, and neither ended before nor renewed."""
        return self.filter(
            signed_on__isnull=False,
            ends_on__lt=today,
            ended_on__isnull=True,
            renewal__isnull=True,
        )

    def past(self, today: date) -> Self:
        return self.filter(signed_on__isnull=False).filter(
            Q(ends_on__lt=today) | Q(ended_on__lte=today)
        )

    def with_numbers_of(self, period: Period) -> Self:
        """Annotate `owed` and `met`: what falls due in the period, and is done."""
        rows = self.model._meta.get_field("obligations").related_model.objects
        mine = rows.owed().filter(
            agreement=OuterRef("pk"),
            due_on__gte=period.start,
            due_on__lt=period.end,
        )
        return self.annotate(
            owed=_number(mine, "agreement"), met=_number(mine.met(), "agreement")
        )

    def with_numbers(self, today: date) -> Self:
        """Annotate `owed`, `met` and `late`: what fell due, was done, is overdue."""
        rows = self.model._meta.get_field("obligations").related_model.objects
        mine = rows.owed().filter(agreement=OuterRef("pk"))
        return self.annotate(
            owed=_number(mine, "agreement"),
            met=_number(mine.met(), "agreement"),
            late=_number(mine.overdue(today), "agreement"),
        )


class ObligationQuerySet(AgreementPartQuerySet):
    def owed(self) -> Self:
        """Neither waived nor void because the agreement ended before."""
        return self.filter(waived_at__isnull=True).filter(
            Q(agreement__ended_on__isnull=True) | Q(due_on__lt=F("agreement__ended_on"))
        )

    def with_progress(self) -> Self:
        """Annotate `given`: how many pieces of evidence count."""
        rows = self.model._meta.get_field("evidence").related_model.objects
        mine = rows.counted().filter(obligation=OuterRef("pk"))
        return self.annotate(given=_number(mine, "obligation"))

    def met(self) -> Self:
        return self.with_progress().filter(given__gte=F("times"))

    def unmet(self) -> Self:
        return self.with_progress().filter(given__lt=F("times"))

    def overdue(self, today: date) -> Self:
        return self.unmet().filter(due_on__lt=today)


class ResourceUseQuerySet(AgreementPartQuerySet):
    place = "item__agreement__organization"

    def counted(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class EvidenceQuerySet(AgreementPartQuerySet):
    place = "obligation__agreement__organization"

    def counted(self) -> Self:
        """Evidence whose deed still stands: held, not taken back."""
        return self.filter(
            Q(activity__state=ActivityState.HELD)
            | Q(use__isnull=False, use__withdrawn_at__isnull=True)
        )


def _number(rows: models.QuerySet, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
