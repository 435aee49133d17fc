"""Reads of households, of visits to them and of what was promised there.

All lie where the household's organization does: who may not visit it reads nothing.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery

from activities.choices.households import MatterState
from organizations.access import Right
from organizations.querysets import BelowQuerySet

if TYPE_CHECKING:
    from config.lib.periods import Period
    from organizations.models import User

UNSETTLED = (MatterState.OPEN, MatterState.IN_PROGRESS)


def year_start(today: date) -> date:
    return date(today.year, 1, 1)


class HouseholdQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> HouseholdQuerySet:
        """Households that `user` may visit."""
        return self.lying_below(user.rights_paths(Right.VISIT_HOUSEHOLDS))

    def listed(self) -> HouseholdQuerySet:
        return self.filter(ended_on__isnull=True)

    def visited_since(self, day: date) -> HouseholdQuerySet:
        return self.filter(self._visited(day))

    def unvisited_since(self, day: date) -> HouseholdQuerySet:
        return self.filter(~self._visited(day))

    def with_last_visit(self) -> HouseholdQuerySet:
        """Annotate `last_visited_on`, None where nobody has been yet."""
        last = (
            self._visits()
            .filter(household=OuterRef("pk"))
            .order_by()
            .values("household")
            .annotate(last=Max("visited_on"))
        )
        return self.annotate(last_visited_on=Subquery(last.values("last")))

    def tally(self, day: date, *by: str) -> QuerySet:
        """Rows of `by` with `total` households and how many were `visited` since."""
        return (
            self.order_by()
            .values(*by)
            .annotate(total=Count("pk"), visited=Count("pk", filter=self._visited(day)))
        )

    def _visits(self) -> Any:
        return self.model._meta.get_field("visits").related_model.objects.counted()

    def _visited(self, day: date) -> Q:
        # One set for all rows, which the database builds once.
        since = self._visits().filter(visited_on__gte=day).order_by()
        return Q(pk__in=since.values("household"))


class VisitQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> VisitQuerySet:
        return self.lying_below(
            user.rights_paths(Right.VISIT_HOUSEHOLDS), "household__organization"
        )

    def counted(self) -> VisitQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def during(self, period: Period) -> VisitQuerySet:
        return self.filter(visited_on__gte=period.start, visited_on__lt=period.end)


class VisitMemberQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> VisitMemberQuerySet:
        return self.lying_below(
            user.rights_paths(Right.VISIT_HOUSEHOLDS), "visit__household__organization"
        )


class VisitMatterQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> VisitMatterQuerySet:
        return self.lying_below(
            user.rights_paths(Right.VISIT_HOUSEHOLDS), "visit__household__organization"
        )

    def counted(self) -> VisitMatterQuerySet:
        return self.filter(visit__withdrawn_at__isnull=True)

    def unsettled(self) -> VisitMatterQuerySet:
        return self.filter(state__in=UNSETTLED)

    def to_close(self) -> VisitMatterQuerySet:
        """Whatever the household waits for: to be settled, or to be told."""
        return self.filter(answered_on__isnull=True)


class MatterStepQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> MatterStepQuerySet:
        return self.lying_below(
            user.rights_paths(Right.VISIT_HOUSEHOLDS),
            "matter__visit__household__organization",
        )
