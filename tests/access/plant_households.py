"""Households, visits to them and what was promised there, in every branch."""

from __future__ import annotations

from datetime import date

from activities.models import (
    Household,
    MatterStep,
    Visit,
    VisitMatter,
    VisitMember,
)
from activities.services.households import door_index
from organizations.choices import FilePurpose
from tests.access.cast import BRANCHES, OWNERS, PARENTS
from tests.access.files import stored_file, workbook
from tests.access.world import World


def plant_households(world: World) -> None:
    for number, place in enumerate(BRANCHES, start=1):
        _household(world, place, number)
        _ledger(world, place)


def _ledger(world: World, place: str) -> None:
    """A ledger that is not confirmed; who keeps the first community's sent it."""
    bird, keeper = world.bird(place), OWNERS[place]
    rows = [["楼栋", "门牌", "户主"], [f"{bird}苑", "9室", f"{bird}户"]]
    stored = stored_file(
        world, place, FilePurpose.HOUSEHOLDS, f"{bird}台账.xlsx", workbook(rows)
    )
    if place == "a1":
        keeper = "community_secretary"
        stored.organization = world.orgs[PARENTS[place]]
        stored.uploaded_by = world.users[keeper]
        stored.save()
    world.put("ledger", place, stored.pk, owner=keeper)


def _household(world: World, place: str, number: int) -> None:
    bird, secret = world.bird(place), world.canaries.secret
    owner = world.owner(place)
    building, room = f"{bird}苑{number}幢", f"{number}0{number}室"
    household = Household.objects.create(
        community=world.communities[PARENTS[place]],
        organization=world.orgs[place],
        building=building,
        room=room,
        door_index=door_index(building, room),
        householder=secret(f"欧阳宅{'甲乙丙丁'[number - 1]}"),
        phone=secret(f"1392{number:03d}{7000 + number}"),
        people_count=3,
        circumstances="disabled low_income",
        note=f"{bird}家有犬",
        listed_on=date(2026, 3, 1),
        recorded_by=owner,
    )
    visit = Visit.objects.create(
        household=household,
        organization=world.orgs[place],
        visited_on=date(2026, 9, 20),
        visitors=f"{bird}网格员",
        situation=f"{bird}家中平安",
        wishes=f"{bird}盼修路灯",
        promises=f"{bird}答应去问",
        recorded_by=owner,
    )
    VisitMember.objects.create(visit=visit, member=world.rows[f"member-{place}"])
    matter = VisitMatter.objects.create(
        visit=visit,
        kind="surroundings",
        content=f"{bird}路灯不亮",
        handler=f"{bird}承办人",
        due_on=date(2026, 9, 30),
        state="in_progress",
    )
    MatterStep.objects.create(
        matter=matter,
        act="progress",
        taken_on=date(2026, 9, 22),
        words=f"{bird}已报物业",
        recorded_by=owner,
    )
    untouched = Visit.objects.create(
        household=household,
        organization=world.orgs[place],
        visited_on=date(2026, 6, 2),
        visitors=f"{bird}网格员",
        situation=f"{bird}记错了",
        recorded_by=owner,
    )
    world.put("door", place, household.pk)
    world.put("visit", place, visit.pk)
    world.put("visit-untouched", place, untouched.pk)
    world.put("visit-matter", place, matter.pk)
