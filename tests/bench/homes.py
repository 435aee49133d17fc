"""Households of the synthetic street, and visits to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activities.models import Household, Visit, VisitMatter
from activities.services.households import door_index
from members.imports import store
from organizations.models import Community, Organization, User
from tests.bench.people import Size, branch_of, community_of_branch
from tests.bench.rows import insert

# For every so many people a household; of so many visits one asks for something.
HOME_EVERY, DOORS, ASKS_EVERY = 2, 60, 8


def homes(size: Size, today: date, branches: list[Organization], user: User) -> None:
    """Half as many households as people, two of three visited within the year."""
    places = list(Community.objects.order_by("organization__path"))
    stamp = store.moment(timezone.now())
    numbers = range(0, size.members, HOME_EVERY)
    ids = store.new_ids(Household, len(numbers))
    where = [branch_of(number, size) for number in numbers]
    met: Counter[int] = Counter()
    householder = Household._meta.get_field("householder").to_token("住户")
    rooms = [
        Household._meta.get_field("room").to_token(f"{n + 101}室") for n in range(DOORS)
    ]
    content = VisitMatter._meta.get_field("content").to_token("楼道灯不亮")

    def rows() -> Iterator[dict[str, Any]]:
        for row, pk in enumerate(ids):
            community = places[community_of_branch(where[row], size)].pk
            door = met[community]
            met[community] += 1
            building, room = f"{door // DOORS + 1}号楼", f"{door % DOORS + 101}室"
            yield {
                "id": pk,
                "community_id": community,
                "organization_id": branches[where[row]].pk,
                "building": building,
                "room": rooms[door % DOORS],
                "door_index": door_index(building, room),
                "householder": householder,
                "phone": "",
                "people_count": row % 5 + 1,
                "circumstances": "lives_alone" if row % 9 == 0 else "",
                "note": "",
                "listed_on": today - timedelta(days=500),
                "ended_on": None,
                "ended_reason": "",
                "cleared_at": None,
                "sheet_id": None,
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
                "updated_at": stamp,
                "version": 1,
            }

    insert(Household, rows())
    visited = [row for row in range(len(ids)) if row % 3]
    visit_ids = store.new_ids(Visit, len(visited))
    insert(
        Visit,
        (
            {
                "id": pk,
                "household_id": ids[row],
                "organization_id": branches[where[row]].pk,
                "visited_on": today - timedelta(days=row % 330),
                "visitors": "网格员",
                "situation": "",
                "wishes": "",
                "promises": "",
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
                "request_id": None,
                "withdrawn_at": None,
                "withdrawn_reason": "",
            }
            for pk, row in zip(visit_ids, visited, strict=True)
        ),
    )
    insert(
        VisitMatter,
        (
            {
                "visit_id": pk,
                "kind": "housing",
                "content": content,
                "handler": "物业",
                # The first is overdue in a street of any size.
                "due_on": today - timedelta(days=visited[place] % 330 - 30)
                if place
                else today - timedelta(days=1),
                "state": "solved" if place % 16 else "open",
                "settled_on": today if place % 16 else None,
                "answered_on": today if place % 16 else None,
                "version": 1,
            }
            for place, pk in enumerate(visit_ids)
            if place % ASKS_EVERY == 0 or (not where[visited[place]] and place < 99)
        ),
    )
