"""An instructor of every community with its unit, work and a grade."""

from __future__ import annotations

from datetime import date

from members.models import (
    Instructor,
    InstructorAppraisal,
    InstructorPosting,
    InstructorRecord,
)
from organizations.models import WorkUnit
from tests.access.canaries import MEMBER
from tests.access.cast import BRANCHES
from tests.access.world import World

DAY = date(2026, 6, 1)
# Community: word, who keeps it, its branches, the branch of the member sent.
_COMMUNITIES = {
    "a": ("鹨社甲", "committee_staff", {"a1", "a2"}, "a1"),
    "b": ("鹨社乙", "committee_staff", {"b1"}, "b1"),
    "x": ("鹨街北", "staff_x", {"x1"}, "x1"),
}


def plant_instructors(world: World) -> None:
    for key in _COMMUNITIES:
        _plant(world, key)


def _plant(world: World, key: str) -> None:
    word, keeper, branches, home = _COMMUNITIES[key]
    bird, owner = world.canaries.plant(word, MEMBER, key), world.users[keeper]
    instructor = Instructor.objects.create(
        organization=world.orgs[key],
        member=world.rows[f"member-{home}"],
        name=f"{bird}导",
        source="retired",
        work=f"{bird}局",
        words=f"{bird}经历",
        starts_on=date(2024, 1, 5),
        ends_on=date(2026, 1, 5),
        recorded_by=owner,
    )
    posting = InstructorPosting.objects.create(
        instructor=instructor,
        unit=WorkUnit.objects.get(name=f"两新{key}公司"),
        starts_on=date(2026, 1, 5),
        recorded_by=owner,
    )
    visit = InstructorRecord.objects.create(
        instructor=instructor,
        posting=posting,
        kind="visit",
        held_on=DAY,
        words=f"{bird}走访",
        recorded_by=owner,
    )
    InstructorRecord.objects.create(
        instructor=instructor,
        kind="report",
        held_on=DAY,
        words=f"{bird}汇报",
        recorded_by=owner,
    )
    InstructorAppraisal.objects.create(
        instructor=instructor,
        year=2025,
        grade="competent",
        decided_on=date(2026, 1, 20),
        words=f"{bird}评定",
        recorded_by=owner,
    )
    for place in BRANCHES:
        if place in branches:
            world.put("instructor", place, instructor.pk, org=key)
            world.put("instructor-unit", place, posting.pk, org=key)
            world.put("instructor-record", place, visit.pk, org=key)
