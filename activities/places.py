"""Where a person counted on a day: figures of a past month stay when he moves on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from members.models import Affiliation
from members.querysets import NEARNESS


def in_force_on(day: date) -> Q:
    """Affiliations that hold on `day`, [starts_on, ends_on)."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gt=day))


def educating_on(
    affiliations: QuerySet[Affiliation], day: date
) -> QuerySet[Affiliation]:
    """The one affiliation of each person that educated him on `day`."""
    return affiliations.educating_on(day)


def place_on(day: Any, member: str = "member_id") -> Coalesce:
    """Id of the branch that educated `OuterRef(member)` on `day`, an expression.

    A person recorded before his relation began counts at his first branch: rosters
    come in after the year has begun.
    """
    mine = (
        Affiliation.objects.filter(member_id=OuterRef(member))
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))
        .annotate(rank=NEARNESS)
    )
    # SQLite finds no outer column in ORDER BY, hence two plain questions.
    then = mine.filter(starts_on__lte=day).order_by("rank", "pk")
    later = mine.filter(starts_on__gt=day).order_by("starts_on", "rank", "pk")
    return Coalesce(
        Subquery(then.values("organization_id")[:1]),
        Subquery(later.values("organization_id")[:1]),
    )
