"""A two-new unit of every community with all that is recorded of it, and lists."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from organizations.models import (
    CensusSheet,
    Coverage,
    DoorVisit,
    RegistryDifference,
    RegistryList,
    WorkUnit,
)
from tests.access.canaries import MEMBER
from tests.access.cast import BRANCHES
from tests.access.world import World

BEGIN = date(2026, 1, 5)
# Community: word, its street, who keeps it, its branches.
_COMMUNITIES = {
    "a": ("鸲社甲", "s", "committee_staff", {"a1", "a2"}),
    "b": ("鸲社乙", "s", "committee_staff", {"b1"}),
    "x": ("鸲街北", "x", "staff_x", {"x1"}),
}


def plant_coverage(world: World) -> None:
    lists = {
        street: RegistryList.objects.create(
            organization=world.orgs[street],
            authority="市场监管",
            scope="both",
            quarter_starts_on=date(2026, 1, 1),
            imported_by=world.users[keeper],
        )
        for street, keeper in (("s", "committee_staff"), ("x", "staff_x"))
    }
    for key in _COMMUNITIES:
        _plant(world, key, lists)


def _plant(world: World, key: str, lists: dict[str, RegistryList]) -> None:
    word, street, keeper, branches = _COMMUNITIES[key]
    bird, owner = world.canaries.plant(word, MEMBER, key), world.users[keeper]
    unit = WorkUnit.objects.create(
        name=f"两新{key}公司",
        kind="private_enterprise",
        is_resident=True,
        community=world.communities[key],
    )
    CensusSheet.objects.create(
        unit=unit,
        starts_on=BEGIN,
        state="operating",
        full_members=3,
        owner_name=f"{bird}总",
        words=f"{bird}表",
        recorded_by=owner,
    )
    Coverage.objects.create(
        unit=unit,
        form="none",
        starts_on=BEGIN,
        reason="没有党员",
        responsible_name=f"{bird}责任",
        due_on=date(2026, 2, 1),
        words=f"{bird}说明",
        decided_by=owner,
    )
    visit = DoorVisit.objects.create(
        unit=unit,
        visited_on=BEGIN,
        visitors=f"{bird}上门",
        met=f"{bird}接待",
        outcome="thinking",
        words=f"{bird}情况",
        next_on=timezone.localdate() - timedelta(days=1),
        recorded_by=owner,
    )
    RegistryDifference.objects.create(
        registry=lists[street],
        kind="new",
        community=world.communities[key],
        credit_code=f"9131000{key}",
        name=f"{bird}新公司",
        after={"name": f"{bird}新公司"},
    )
    for place in BRANCHES:
        if place in branches:
            world.put("two-new", place, unit.pk, org=key)
            world.put("door-visit", place, visit.pk, org=key)
            world.put("registry", place, lists[street].pk, org=street)
