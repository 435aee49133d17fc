"""Reads of delegated matters: they lie at the community's Party organization."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Q

from organizations.matter_choices import WAITING, MatterSpan, MatterState
from organizations.querysets import BelowQuerySet
from organizations.sums import exact, total_by

if TYPE_CHECKING:
    from organizations.models import User

# The queryset may not import what holds the rights: organizations.access names it.
KEEPS = "keep_matters"


def lacking() -> Q:
    """Duty without power, money or people; `matter_rules.missing` says which."""
    return (
        Q(power="")
        | Q(money_due__lte=0)
        | Q(span=MatterSpan.LONG.value, staff_posted=0)
    )


class MatterPartQuerySet(BelowQuerySet):
    """Rows of a matter."""

    place = "matter__organization"

    def visible_to(self, user: User) -> Self:
        return self.lying_below(user.rights_paths(KEEPS), self.place)

    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class MatterQuerySet(MatterPartQuerySet):
    place = "organization"

    def with_arrived(self) -> Self:
        """Annotate `arrived`, the money that came, and `outstanding`."""
        arrivals = self._rows("arrivals").standing()
        return self.annotate(arrived=total_by(arrivals, "matter", "amount")).annotate(
            outstanding=exact(F("money_due") - F("arrived"))
        )

    def carried_on(self, day: date) -> Self:
        """What communities carried on `day`: admitted, begun, not yet ended."""
        begun = self.filter(admitted_on__lte=day, starts_on__lte=day)
        return begun.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))

    def admitted(self) -> Self:
        """Admitted and not ended, begun or not."""
        return self.filter(state=MatterState.ADMITTED)

    def waiting(self) -> Self:
        return self.filter(state__in=WAITING)

    def over(self) -> Self:
        return self.exclude(state__in=(*WAITING, MatterState.ADMITTED))

    def unbalanced(self, today: date) -> Self:
        return self.admitted().carried_on(today).filter(lacking())

    def money_overdue(self, today: date) -> Self:
        owed = self.admitted().filter(money_due_on__lt=today).with_arrived()
        return owed.filter(outstanding__gt=0)

    def past_end(self, today: date) -> Self:
        return self.admitted().filter(ends_on__lt=today)

    def undecided(self, before: date) -> Self:
        """Applied for before a day, and neither admitted nor refused."""
        return self.waiting().filter(applied_on__lt=before)

    def _rows(self, name: str) -> Any:
        related: Any = self.model._meta.get_field(name).related_model
        return related.objects
