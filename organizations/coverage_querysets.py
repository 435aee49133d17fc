"""Reads of coverage: units of the two new kinds lie in their community."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from config.lib.paths import ancestors, depth
from organizations.coverage_choices import TWO_NEW_KINDS
from organizations.querysets import within

if TYPE_CHECKING:
    from organizations.models import User

KEEPS = "keep_coverage"


def unit_scope(user: User, prefix: str = "") -> Q | None:
    """Condition for units whose coverage `user` keeps; None when there are none.

    A unit without a community is the street's own.
    """
    roots = user.rights_paths(KEEPS)
    wanted = within(roots, f"{prefix}community__organization__path")
    if wanted is not None and any(depth(root) == 1 for root in roots):
        wanted |= Q(**{f"{prefix}community__isnull": True})
    return wanted


def two_new(prefix: str = "") -> Q:
    """Condition for units in the register: resident, in use, of the two new kinds."""
    return Q(
        **{
            f"{prefix}kind__in": TWO_NEW_KINDS,
            f"{prefix}is_resident": True,
            f"{prefix}is_active": True,
        }
    )


class UnitPartQuerySet(models.QuerySet):
    """Rows of a unit: seen by those who keep its coverage."""

    def visible_to(self, user: User) -> Self:
        wanted = unit_scope(user, "unit__")
        return self.filter(wanted) if wanted is not None else self.none()


class DatedPartQuerySet(UnitPartQuerySet):
    """Rows of [starts_on, ends_on), of which one at most is open for a unit."""

    def open(self) -> Self:
        return self.filter(ends_on__isnull=True)


class DoorVisitQuerySet(UnitPartQuerySet):
    def counted(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class RegistryListQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Lists of the streets where `user` keeps coverage."""
        streets = {ancestors(path)[0] for path in user.rights_paths(KEEPS)}
        return self.filter(organization__path__in=streets)


class DifferenceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Differences of the communities where `user` keeps coverage.

        Where no community is known yet they are the street's.
        """
        roots = user.rights_paths(KEEPS)
        wanted = within(roots, "community__organization__path")
        if wanted is None:
            return self.none()
        streets = [root for root in roots if depth(root) == 1]
        if streets:
            wanted |= Q(
                community__isnull=True, registry__organization__path__in=streets
            )
        return self.filter(wanted)

    def open(self) -> Self:
        return self.filter(settled_at__isnull=True, registry__withdrawn_at__isnull=True)

    def since_before(self, day: date) -> Self:
        return self.filter(registry__imported_at__date__lt=day)
