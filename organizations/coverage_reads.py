"""Units of the two new kinds, in the scope of whoever keeps their coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from organizations.coverage_choices import TWO_NEW_KINDS
from organizations.coverage_querysets import two_new, unit_scope
from organizations.models import WorkUnit

if TYPE_CHECKING:
    from organizations.models import User


def known_units(user: User) -> QuerySet[WorkUnit]:
    """Units of the two new kinds, those struck from the register as well."""
    wanted = unit_scope(user)
    if wanted is None:
        return WorkUnit.objects.none()
    return WorkUnit.objects.filter(wanted, kind__in=TWO_NEW_KINDS)


def kept_units(user: User) -> QuerySet[WorkUnit]:
    """Units in the register today."""
    return known_units(user).filter(two_new())
