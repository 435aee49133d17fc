"""Which cards a round of feedback is about."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from liaison.models import FeedbackPeriod, UnitSchedule
from liaison.querysets import in_force_during
from organizations.models import Organization


def owed_in(period: FeedbackPeriod) -> Q:
    """Cards in force during the round whose home unit has its rhythm.

    The street's own round is for every unit but those of another rhythm; a round of
    another kind is for the units that have it, and for nobody else.
    """
    others = UnitSchedule.objects.filter(
        organization=period.organization_id
    ).in_force_on(period.starts_on)
    if period.is_general:
        elsewhere = others.exclude(kind=period.kind)
        units = ~Q(home_unit__in=elsewhere.values("work_unit"))
    else:
        here = others.filter(kind=period.kind)
        units = Q(home_unit__in=here.values("work_unit"))
    return in_force_during(period.starts_on, period.ends_on) & units


def owed_of_street(period: FeedbackPeriod) -> Q:
    """Those of `owed_in` that lie in the round's street.

    `period.organization` is to be loaded.
    """
    below = Organization.objects.subtree(period.organization).values("pk")
    return Q(organization__in=below) & owed_in(period)


def latest(rounds: Iterable[FeedbackPeriod]) -> list[FeedbackPeriod]:
    """The latest round of each street, with those of other rhythms beside it."""
    begun = sorted(rounds, key=lambda period: period.starts_on)
    general = {p.organization_id: p for p in begun if p.is_general}
    others = {(p.organization_id, p.kind): p for p in begun if not p.is_general}
    beside = [
        p
        for p in others.values()
        if (own := general.get(p.organization_id)) is None or p.ends_on > own.starts_on
    ]
    return [*general.values(), *beside]
