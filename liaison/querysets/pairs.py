"""Reads of pair building: pairs lie where the Party organization does that has them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from activities.choices import ActivityState
from config.lib.periods import Year
from liaison.querysets.agreements import AgreementPartQuerySet

if TYPE_CHECKING:
    from config.lib.periods import Period


class PairPartQuerySet(AgreementPartQuerySet):
    """Rows of a pair: seen by those who keep agreements there."""

    place = "pair__organization"


class PairQuerySet(AgreementPartQuerySet):
    place = "organization"

    def running(self, today: date) -> Self:
        """Those that stand on the day."""
        return self.filter(starts_on__lte=today).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=today)
        )

    def ended(self, today: date) -> Self:
        return self.filter(ended_on__lte=today)

    def unplanned(self, today: date) -> Self:
        """Running ones without a planned item in this year."""
        planned = self._rows("tasks").owed().in_year(today.year)
        return self.running(today).filter(~Exists(planned.filter(pair=OuterRef("pk"))))

    def idle(self, today: date, days: int) -> Self:
        """Running ones whose last activity, or beginning, is more than `days` ago."""
        return (
            self.running(today)
            .with_last_day()
            .filter(moved_on__lt=today - timedelta(days=days))
        )

    def with_last_day(self) -> Self:
        """Annotate `last_on`, the last activity, and `moved_on`, that or the start."""
        counted = self._rows("pair_activities").counted().order_by()
        last = (
            counted.filter(pair=OuterRef("pk"))
            .values("pair")
            .annotate(last=Max("activity__held_on"))
            .values("last")
        )
        return self.annotate(last_on=Subquery(last)).annotate(
            moved_on=Greatest("starts_on", Coalesce("last_on", "starts_on"))
        )

    def with_numbers(self, today: date) -> Self:
        """Annotate `planned`, `done` and `late` of this year's plan, and `last_on`."""
        mine = self._rows("tasks").owed().filter(pair=OuterRef("pk"))
        plan = mine.in_year(today.year)
        return self.with_last_day().annotate(
            planned=_number(plan),
            done=_number(plan.done()),
            late=_number(mine.overdue(today)),
        )

    def _rows(self, name: str) -> Any:
        return self.model._meta.get_field(name).related_model.objects


class PairTaskQuerySet(PairPartQuerySet):
    def in_year(self, year: int) -> Self:
        period = Year.containing(date(year, 1, 1))
        return self.filter(due_on__gte=period.start, due_on__lt=period.end)

    def owed(self) -> Self:
        """Neither dropped nor void because the pair ended before."""
        return self.filter(waived_at__isnull=True).filter(
            Q(pair__ended_on__isnull=True) | Q(due_on__lt=F("pair__ended_on"))
        )

    def with_done(self) -> Self:
        """Annotate `is_done`: an activity that was held shows it."""
        rows = self.model._meta.get_field("pair_activities").related_model.objects
        return self.annotate(is_done=Exists(rows.counted().filter(task=OuterRef("pk"))))

    def done(self) -> Self:
        return self.with_done().filter(is_done=True)

    def overdue(self, today: date) -> Self:
        return self.with_done().filter(is_done=False, due_on__lt=today)


class PairActivityQuerySet(PairPartQuerySet):
    def counted(self) -> Self:
        """Those whose activity still stands."""
        return self.filter(activity__state=ActivityState.HELD)

    def during(self, period: Period) -> Self:
        return self.filter(
            activity__held_on__gte=period.start, activity__held_on__lt=period.end
        )


def _number(rows: Any) -> Coalesce:
    counted = rows.order_by().values("pair").annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)
