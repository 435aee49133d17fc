"""A secretary, a term and an election in every branch."""

from __future__ import annotations

from datetime import date

from members.models import Candidate, Officer
from organizations.models import Election, Term, TermChange
from tests.access.cast import BRANCHES
from tests.access.world import World

HELD = date(2026, 1, 1)


def plant_committees(world: World) -> None:
    for place in BRANCHES:
        _plant(world, place)


def _plant(world: World, place: str) -> None:
    bird, owner = world.bird(place), world.owner(place)
    member, branch = world.rows[f"member-{place}"], world.orgs[place]
    votes = dict.fromkeys(("eligible", "present", "issued", "returned", "valid"), 9)
    election = Election.objects.create(
        organization=branch,
        kind="general",
        forum="meeting",
        held_on=HELD,
        seats=1,
        note=f"{bird}请示",
        recorded_by=owner,
        **votes,
    )
    Term.objects.create(
        organization=branch,
        number=1,
        starts_on=HELD,
        due_on=date(2031, 1, 1),
        election=election,
    )
    TermChange.objects.create(
        organization=branch,
        kind="advance",
        before=date(2031, 1, 1),
        after=date(2026, 12, 31),
        approved_on=date(2026, 2, 1),
        reason=f"{bird}事由",
        recorded_by=owner,
    )
    Candidate.objects.create(
        election=election, member=member, role="member", votes=9, is_elected=True
    )
    office = Officer.objects.create(
        member=member,
        organization=branch,
        role="member",
        starts_on=HELD,
        election=election,
        recorded_by=owner,
    )
    world.put("officer", place, office.pk)
    world.put("election", place, election.pk)
