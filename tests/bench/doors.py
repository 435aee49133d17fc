"""Report slips, plaques and residents' comments of the synthetic street."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from config.lib.crypto import blind_index
from members.imports import store
from members.models import Plaque, PlaqueMember, ReportSlip, ResidentComment
from organizations.models import Community, Organization, User
from tests.bench.people import Size, branch_of, community_of_branch
from tests.bench.rows import insert

# Of every so many people one waits with a slip, has a plaque, was spoken of.
WAITS_EVERY, HUNG_EVERY, SAID_EVERY = 60, 2, 40


def doors(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    """Slips of strangers, households of one, comments that wait or are answered."""
    places = list(Community.objects.order_by("organization__path"))
    stamp = store.moment(timezone.now())

    def place(number: int) -> tuple[int, int]:
        branch = branch_of(number, size)
        return branches[branch].pk, places[community_of_branch(branch, size)].pk

    insert(ReportSlip, _slips(size, today, place, user, stamp))
    ids = store.new_ids(Plaque, len(range(0, size.members, HUNG_EVERY)))
    insert(Plaque, _plaques(size, today, ids, place, user, stamp))
    insert(
        PlaqueMember,
        (
            {
                "plaque_id": pk,
                "member_id": members[row * HUNG_EVERY],
                "covered_on": today - timedelta(days=row % 400),
                "left_on": None,
            }
            for row, pk in enumerate(ids)
        ),
    )
    insert(
        ResidentComment,
        (
            {
                "member_id": members[number],
                "organization_id": place(number)[0],
                "received_on": today - timedelta(days=(number + 45) % 90),
                "source": "call",
                "informant": "",
                "kind": "advice",
                "content": "",
                "state": "answered" if number % 3 else "received",
                "handler": "",
                "handling": "",
                "handled_on": None,
                "answer": "",
                "answered_on": today if number % 3 else None,
                "closed_on": None,
                "withdrawn_reason": "",
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
                "request_id": None,
                "version": 1,
            }
            for number in range(0, size.members, SAID_EVERY)
        ),
    )


def _slips(
    size: Size, today: date, place: Any, user: User, stamp: Any
) -> Iterator[dict[str, Any]]:
    for number in range(0, size.members, WAITS_EVERY):
        organization, community = place(number)
        # Every tenth reported to the neighbours as well, being one person.
        before = number - WAITS_EVERY
        is_twice = number % (WAITS_EVERY * 10) == 0 and number
        person = before if is_twice and place(before)[1] != community else number
        yield {
            "community_id": community,
            "organization_id": organization,
            "name": f"报到{number}",
            "id_number": "",
            "id_index": blind_index(f"bench {person}", purpose="members.id_number"),
            "ethnicity": "Han",
            "member_type": "full",
            "joined_on": None,
            "joined_precision": "day",
            "phone": "",
            "address": "",
            "work_unit_id": None,
            "unit_name": "某单位",
            "job_title": "",
            "skills": "",
            "wishes": "",
            "source": "self",
            "reported_on": today - timedelta(days=(number + 20) % 40),
            "state": "received",
            "branch_id": None,
            "member_id": None,
            "settled_on": None,
            "settled_by_id": None,
            "reason": "",
            "sheet_id": None,
            "recorded_by_id": user.pk,
            "recorded_at": stamp,
            "request_id": None,
            "version": 1,
        }


def _plaques(
    size: Size, today: date, ids: list[int], place: Any, user: User, stamp: Any
) -> Iterator[dict[str, Any]]:
    for row, pk in enumerate(ids):
        organization, community = place(row * HUNG_EVERY)
        yield {
            "id": pk,
            "organization_id": organization,
            "community_id": community,
            "building": "1号楼",
            "address": "",
            "hung_on": today - timedelta(days=row % 400),
            "badge_number": "",
            "badge_given_on": None,
            "photo_id": None,
            "taken_down_on": None,
            "taken_down_reason": "",
            "recorded_by_id": user.pk,
            "recorded_at": stamp,
            "version": 1,
        }
