"""How many households have been visited this year, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from activities.models import Household
from activities.querysets.households import year_start
from organizations.models import Community, User


@dataclass(frozen=True)
class BoardRow:
    """A community or a building: its households, and the pages that lead on."""

    name: str
    total: int
    visited: int
    url: str = ""
    unvisited_url: str = ""
    record_url: str = ""

    @property
    def unvisited(self) -> int:
        return self.total - self.visited


def board(
    user: User, community: Community | None, today: date
) -> tuple[list[BoardRow], BoardRow, Community | None]:
    """Rows of the user's communities, or of the buildings of one; their sum; which.

    Whoever visits in one community alone sees its buildings at once.
    """
    since = year_start(today)
    seen = Household.objects.visible_to(user).listed()
    rows = []
    if community is None:
        found = list(
            seen.tally(since, "community_id", "community__name").order_by(
                "community__organization__path"
            )
        )
        if len(found) != 1:
            rows = [_community_row(row) for row in found]
            return rows, _sum(rows), None
        pk, name = found[0]["community_id"], found[0]["community__name"]
        community = Community(pk=pk, name=name)
    found = list(
        seen.filter(community_id=community.pk)
        .tally(since, "building")
        .order_by("building")
    )
    rows = [_building_row(row, community) for row in found]
    return rows, _sum(rows), community


def _community_row(row: dict) -> BoardRow:
    query = {"community": row["community_id"]}
    return BoardRow(
        name=row["community__name"],
        total=row["total"],
        visited=row["visited"],
        url=f"{reverse('activities:visit-board')}?{urlencode(query)}",
        unvisited_url=_unvisited(query),
        record_url=f"{reverse('activities:visit-record')}?{urlencode(query)}",
    )


def _building_row(row: dict, community: Community) -> BoardRow:
    query = {"community": community.pk, "building": row["building"]}
    return BoardRow(
        name=row["building"],
        total=row["total"],
        visited=row["visited"],
        url=f"{reverse('activities:household-list')}?{urlencode(query)}",
        unvisited_url=_unvisited(query),
        record_url=f"{reverse('activities:visit-record')}?{urlencode(query)}",
    )


def _unvisited(query: dict) -> str:
    asked = urlencode(query | {"visited": "no"})
    return f"{reverse('activities:household-list')}?{asked}"


def _sum(rows: list[BoardRow]) -> BoardRow:
    return BoardRow(
        "合计", sum(row.total for row in rows), sum(row.visited for row in rows)
    )
