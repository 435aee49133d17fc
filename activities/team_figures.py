"""What teams did in a year: added up from activities, never typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, Sum
from django.db.models.functions import Coalesce

from activities.models import Activity, Participation, VolunteerTeam

_NO_HOURS = Decimal(0)


@dataclass(frozen=True)
class TeamYear:
    """Events held, people who came to them, their hours, and whom they served."""

    events: int = 0
    turns: int = 0
    hours: Decimal = _NO_HOURS
    served: int = 0


def years_of(teams: Iterable[VolunteerTeam], year: int) -> dict[int, TeamYear]:
    """What each team did in a year, by its id; two queries."""
    ids = [team.pk for team in teams]
    held = (
        Activity.objects.held()
        .filter(team__in=ids, held_on__year=year)
        .order_by()
        .values("team")
        .annotate(events=Count("pk"), served=Sum("people_served"))
    )
    parts = (
        Participation.objects.counted()
        .filter(activity__team__in=ids, activity__held_on__year=year)
        .order_by()
        .values("activity__team")
        .annotate(
            turns=Count("pk"),
            credited=Coalesce(Sum("hours"), _NO_HOURS, output_field=DecimalField()),
        )
    )
    came = {row["activity__team"]: row for row in parts}
    found = dict.fromkeys(ids, TeamYear())
    for row in held:
        mine = came.get(row["team"], {"turns": 0, "credited": _NO_HOURS})
        found[row["team"]] = TeamYear(
            row["events"], mine["turns"], mine["credited"], row["served"]
        )
    return found
