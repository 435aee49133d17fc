"""Teams of volunteers of the synthetic street, their people and free times."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activities.models import (
    Activity,
    Availability,
    RequestClaim,
    ServiceRequest,
    TeamPlace,
    VolunteerTeam,
)
from activities.rules.teams import SERVING
from members.imports import store
from members.models import Talent
from organizations.models import Community, Organization, User
from tests.bench.people import Size, branch_of
from tests.bench.rows import insert

# Of every so many people one is in his branch's team, and said when he is free.
IN_TEAM_EVERY, ASKED_EVERY = 7, 4
# For every so many people a resident asked for something.
WANTED_EVERY = 6
_STATES = ("received", "published", "claimed", "done", "closed")


def volunteers(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    """A team in each branch, led by the first of its people; activities name it."""
    stamp = store.moment(timezone.now())
    ids = store.new_ids(VolunteerTeam, len(branches))
    founded_on = today - timedelta(days=500)
    insert(
        VolunteerTeam,
        (
            {
                "id": pk,
                "organization_id": branch.pk,
                "name": f"{branch.short_name}服务队",
                "founded_on": founded_on,
                "closed_on": None,
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
                "version": 1,
            }
            for pk, branch in zip(ids, branches, strict=True)
        ),
    )
    talents = list(Talent.objects.order_by("pk").values_list("pk", flat=True))
    insert(
        VolunteerTeam.talents.through,
        (
            {"volunteerteam_id": pk, "talent_id": talents[place % len(talents)]}
            for place, pk in enumerate(ids)
        ),
    )
    _people(size, today, members, ids)
    _free_times(size, today, members, user)
    held = Activity.objects.filter(kind__in=SERVING)
    for pk, branch in zip(ids, branches, strict=True):
        held.filter(organization=branch).update(team_id=pk)
    _requests(size, today, ids, branches, user)


def _people(size: Size, today: date, members: list[int], ids: list[int]) -> None:
    led: set[int] = set()

    def rows() -> Any:
        for number in range(0, size.members, IN_TEAM_EVERY):
            branch = branch_of(number, size)
            yield {
                "team_id": ids[branch],
                "member_id": members[number],
                "is_leader": branch not in led,
                "joined_on": today - timedelta(days=number % 400),
                "left_on": None,
            }
            led.add(branch)

    insert(TeamPlace, rows())


def _free_times(size: Size, today: date, members: list[int], user: User) -> None:
    insert(
        Availability,
        (
            {
                "member_id": members[number],
                "weekdays": number % 3 == 0,
                "evenings": number % 3 == 1,
                "weekends": number % 2 == 0,
                "asked_on": today - timedelta(days=number % 200),
                "recorded_by_id": user.pk,
            }
            for number in range(0, size.members, ASKED_EVERY)
        ),
    )


def _requests(
    size: Size, today: date, teams: list[int], branches: list[Organization], user: User
) -> None:
    """As many of each state in every branch; the taken ones by its own team."""
    stamp = store.moment(timezone.now())
    communities = dict(Community.objects.values_list("organization_id", "pk"))
    talent = Talent.objects.order_by("pk").values_list("pk", flat=True).first()
    activities = dict(
        Activity.objects.filter(team__isnull=False).values_list("team_id", "pk")
    )
    number_of = max(len(_STATES) * len(branches), size.members // WANTED_EVERY)
    ids = store.new_ids(ServiceRequest, number_of)
    claims = []

    def rows() -> Any:
        for number, pk in enumerate(ids):
            turn, place = divmod(number, len(branches))
            branch, state = branches[place], _STATES[turn % len(_STATES)]
            activity = activities.get(teams[place])
            if state in {"done", "closed"} and activity is None:
                state = "claimed"
            is_taken, is_done = state in _STATES[2:], state in _STATES[3:]
            day = today - timedelta(days=10 + turn % 60)
            if is_taken:
                claims.append((pk, teams[place], day))
            yield {
                "id": pk,
                "organization_id": branch.pk,
                "community_id": communities[branch.parent_id],
                "kind": "service",
                "source": "call",
                "asked": f"换灯{number}",
                "talent_id": talent,
                "needed_at": "weekends",
                "received_on": day,
                "wanted_by": day + timedelta(days=7),
                "name": "",
                "phone": "",
                "place": "",
                "state": state,
                "checked_on": None if state == "received" else day,
                "published_on": None if state == "received" else day,
                "taker_id": branch.pk if is_taken else None,
                "done_on": day if is_done else None,
                "result": "",
                "activity_id": activity if is_done else None,
                "satisfaction": "satisfied" if state == "closed" else "",
                "words": "",
                "closed_on": day if state == "closed" else None,
                "reason": "",
                "cleared_on": None,
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
                "request_id": None,
                "version": 1,
            }

    insert(ServiceRequest, rows())
    insert(
        RequestClaim,
        (
            {
                "request_id": pk,
                "team_id": team,
                "member_id": None,
                "claimed_on": day,
                "claimed_by_id": user.pk,
                "given_back_on": None,
                "given_back_reason": "",
            }
            for pk, team, day in claims
        ),
    )
