"""The Party school of every community, and what members of every branch studied."""

from __future__ import annotations

from datetime import date

from activities.models import SelfStudy
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES, PARENTS, below
from tests.access.world import World
from tests.factories.activities import CourseFactory, SchoolTermFactory

_MARKS = {"a1": "甲", "a2": "丙", "b1": "乙", "x1": "丁"}


def plant_school(world: World) -> None:
    for place in BRANCHES:
        runs = PARENTS[place]
        word = world.canaries.plant(f"鸽校{_MARKS[place]}", WORK, *below(runs))
        term = SchoolTermFactory(
            organization=world.orgs[runs],
            name=f"{word}学期",
            starts_on=date(2026, 3, 1),
            ends_on=date(2027, 2, 1),
            plan=f"{word}计划",
            recorded_by=world.owner(place),
        )
        course = CourseFactory(
            term=term,
            title=f"{word}课",
            lecturer=f"{word}讲师",
            lecturer_post=f"{word}单位",
            audience=f"{word}对象",
        )
        world.rows[f"course-{place}"] = course
        also = {"org": runs, "also": below(runs)}
        world.put("term", place, term.pk, **also)
        world.put("course", place, course.pk, **also)
        _study(world, place)


def _study(world: World, place: str) -> None:
    """The branch's member: what he studied alone, his question."""
    bird = world.bird(place)
    own = {
        "member": world.rows[f"member-{place}"],
        "organization": world.orgs[place],
        "recorded_by": world.owner(place),
    }
    study = SelfStudy.objects.create(
        **own,
        studied_on=date(2026, 9, 10),
        hours=2,
        material=f"{bird}读本",
        notes=f"{bird}笔记",
        question=f"{bird}问题",
        answer=f"{bird}解答",
        answered_by=f"{bird}讲师",
    )
    world.put("self-study", place, study.pk)
