"""Reads of instructors: theirs who send them, and theirs whose units they guide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

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

    def with_numbers(self) -> Self:
        """Annotate `units` guided today, `visited_on` and `called_on`, the last."""
        units = self._rows("postings").current().filter(instructor=OuterRef("pk"))
        counted = units.order_by().values("instructor").annotate(n=Count("pk"))
        return self.annotate(
            units=Coalesce(Subquery(counted.values("n")), 0),
            visited_on=Subquery(self._last(RecordKind.VISIT)),
            called_on=Subquery(self._last(RecordKind.CALL)),
        )

    def loaded(self, most: int) -> Self:
        """In office and guiding more than `most` units."""
        return self.in_office().with_numbers().filter(units__gt=most)

    def silent(self, today: date, days: int) -> Self:
        """With a unit that nobody visited for more than `days`."""
        late = self._rows("postings").unvisited(today, days)
        return self.filter(Exists(late.filter(instructor=OuterRef("pk"))))

    def _last(self, kind: str) -> Any:
        rows = self._rows("records").standing().filter(kind=kind)
        mine = rows.filter(instructor=OuterRef("pk")).order_by()
        return mine.values("instructor").annotate(day=Max("held_on")).values("day")

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


class AppraisalQuerySet(BelowQuerySet):
    def visible_to(self, user: User) -> Self:
        """Theirs who sent the instructor."""
        return self.lying_below(user.rights_paths(KEEPS), "instructor__organization")
