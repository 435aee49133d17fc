"""Reads of instructors: theirs who send them, and theirs whose units they guide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, TruncMonth

from members.choices import MembershipStatus, MemberType
from members.choices.instructors import RecordKind
from organizations.coverage_querysets import (
    KEEPS,
    UnitPartQuerySet,
    two_new,
    unit_scope,
)
from organizations.querysets import BelowQuerySet, within

if TYPE_CHECKING:
    from organizations.models import User


class InstructorQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Sent from where `user` keeps coverage, or guiding a unit there."""
        own = within(user.rights_paths(KEEPS), "organization__path")
        units = unit_scope(user, "unit__")
        if own is None or units is None:
            return self.none()
        guided = self._rows("postings").filter(units, instructor=OuterRef("pk"))
        return self.filter(own | Exists(guided))

    def kept_by(self, user: User) -> Self:
        """Sent from where `user` keeps coverage."""
        return self.lying_below(user.rights_paths(KEEPS))

    def in_office(self) -> Self:
        return self.filter(ended_on__isnull=True)

    def former(self) -> Self:
        return self.filter(ended_on__isnull=False)

    def expired(self, today: date) -> Self:
        """In office although the term is over."""
        return self.in_office().filter(ends_on__lt=today)

    def unfit(self) -> Self:
        """Those that `Instructor.is_unfit`."""
        fit = Q(
            member__member_type=MemberType.FULL, member__status=MembershipStatus.NORMAL
        )
        return self.in_office().filter(member__isnull=False).exclude(fit)

    def with_units(self) -> Self:
        """Annotate `units`, how many are guided today, whoever sees them."""
        units = self._rows("postings").current().filter(instructor=OuterRef("pk"))
        counted = units.order_by().values("instructor").annotate(n=Count("pk"))
        return self.annotate(units=Coalesce(Subquery(counted.values("n")), 0))

    def with_work(self, user: User, since: date) -> Self:
        """Annotate the last day and the number from `since` on, as `user` sees them.

        `visited_on` and `visits`, `called_on` and `calls`.
        """
        rows = self._rows("records").visible_to(user).standing()
        mine = rows.filter(instructor=OuterRef("pk")).order_by().values("instructor")
        columns: dict[str, Any] = {}
        for kind, day, number in (
            (RecordKind.VISIT, "visited_on", "visits"),
            (RecordKind.CALL, "called_on", "calls"),
        ):
            found = mine.filter(kind=kind)
            last = found.annotate(day=Max("held_on")).values("day")
            counted = found.filter(held_on__gte=since).annotate(n=Count("pk"))
            columns[day] = Subquery(last)
            columns[number] = Coalesce(Subquery(counted.values("n")), 0)
        return self.annotate(**columns)

    def loaded(self, most: int) -> Self:
        """In office and guiding more than `most` units."""
        return self.in_office().with_units().filter(units__gt=most)

    def silent(self, user: User, today: date, days: int) -> Self:
        """With a unit of those `user` sees that was not visited for `days`."""
        late = self._rows("postings").visible_to(user).unvisited(today, days)
        return self.filter(Exists(late.filter(instructor=OuterRef("pk"))))

    def _rows(self, name: str) -> Any:
        related: Any = self.model._meta.get_field(name).related_model
        return related.objects


class PostingQuerySet(UnitPartQuerySet):
    def open(self) -> Self:
        return self.filter(ends_on__isnull=True)

    def current(self) -> Self:
        """Of units that are in the register still, by instructors in office."""
        rows = self.open().filter(instructor__ended_on__isnull=True)
        return rows.filter(two_new("unit__"))

    def lately(self, since: date) -> Self:
        """Those that last, and those that ended on `since` or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since))

    def with_last_days(self) -> Self:
        """Annotate `visited_on`, the last visit, and `met_on`, that or a call."""
        records = self._records()
        return self.annotate(
            visited_on=_last(records.filter(kind=RecordKind.VISIT)),
            met_on=_last(records),
        )

    def unvisited(self, today: date, days: int) -> Self:
        """Those whose last visit, or beginning, is more than `days` ago."""
        return self._silent("visited_on", today, days)

    def uncalled(self, today: date, days: int) -> Self:
        """Those neither visited nor called for more than `days`."""
        return self._silent("met_on", today, days)

    def _silent(self, column: str, today: date, days: int) -> Self:
        found = self.current().with_last_days()
        found = found.annotate(moved_on=Coalesce(column, F("starts_on")))
        return found.filter(moved_on__lt=today - timedelta(days=days))

    def _records(self) -> Any:
        related: Any = self.model._meta.get_field("records").related_model
        return related.objects.standing()


def _last(records: Any) -> Subquery:
    mine = records.filter(posting=OuterRef("pk")).order_by().values("posting")
    return Subquery(mine.annotate(day=Max("held_on")).values("day"))


class RecordQuerySet(UnitPartQuerySet):
    def visible_to(self, user: User) -> Self:
        """Of units whose coverage `user` keeps; reports are theirs who sent him."""
        units = unit_scope(user, "posting__unit__")
        own = within(user.rights_paths(KEEPS), "instructor__organization__path")
        if units is None or own is None:
            return self.none()
        return self.filter(units | Q(own, posting__isnull=True))

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def by_month(self) -> Any:
        """Rows of month, visits, calls, units visited; the latest month first."""
        visits = Q(kind=RecordKind.VISIT)
        rows = self.standing().filter(posting__isnull=False)
        return (
            rows.annotate(month=TruncMonth("held_on"))
            .order_by("-month")
            .values("month")
            .annotate(
                visits=Count("pk", filter=visits),
                calls=Count("pk", filter=Q(kind=RecordKind.CALL)),
                units=Count("posting__unit", filter=visits, distinct=True),
            )
        )


class AppraisalQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Theirs who sent the instructor."""
        return self.lying_below(user.rights_paths(KEEPS), "instructor__organization")
