"""People on the way into the Party, and on probation, in every branch."""

from __future__ import annotations

from datetime import date

from members.models import Applicant, DevelopmentStep
from tests.access.cast import BRANCHES
from tests.access.plant_members import person
from tests.access.world import World
from tests.factories.members import AffiliationFactory


def plant_development(world: World) -> None:
    for place in BRANCHES:
        _applicant(world, place)
        _probationer(world, place)


def _applicant(world: World, place: str) -> None:
    bird, secret = world.bird(place), world.canaries.secret
    number = len(world.planted.get("applicant", {}))
    # The fields of a person, whose numbers are secrets; he is no member yet.
    like = person(world, bird)
    values = {
        name: getattr(like, name)
        for name in (
            *("name", "name_pinyin", "name_initials", "sex", "ethnicity"),
            *("born_on", "id_number", "id_index", "id_last4", "category"),
        )
    }
    like.delete()
    applicant = Applicant.objects.create(
        **values,
        phone=secret(f"1360{number:03d}6655"),
        job_title=f"{bird}职务",
        organization=world.orgs[place],
        applied_on=date(2026, 9, 10),
        registered_by=world.owner(place),
    )
    for kind, day in (("applied", 10), ("talk", 20)):
        step = _step(world, place, kind, date(2026, 9, day), applicant=applicant)
    world.put("applicant", place, applicant.pk)
    world.put("devstep", place, step.pk)


def _probationer(world: World, place: str) -> None:
    member = person(
        world,
        world.bird(place),
        member_type="probationary",
        joined_on=date(2025, 8, 20),
        confirmed_on=None,
    )
    AffiliationFactory(
        member=member, organization=world.orgs[place], starts_on=date(2025, 8, 20)
    )
    _step(world, place, "request", date(2026, 9, 1), member=member)
    world.put("probationer", place, member.pk)


def _step(world: World, place: str, kind: str, on: date, **whose) -> DevelopmentStep:
    return DevelopmentStep.objects.create(
        kind=kind,
        taken_on=on,
        organization=world.orgs[place],
        recorded_by=world.owner(place),
        note=f"{world.bird(place)}说明",
        **whose,
    )
