"""A seminar in every branch, with a member's paper and a guest's."""

from __future__ import annotations

from activities.models import Paper
from organizations.choices import FilePurpose
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES
from tests.access.files import picture, stored_file
from tests.access.plant_work import DAY
from tests.access.world import World
from tests.factories.activities import ActivityFactory


def plant_papers(world: World) -> None:
    for place in BRANCHES:
        bird, work = world.bird(place), world.word(WORK, place)
        owner = world.owner(place)
        seminar = ActivityFactory(
            organization=world.orgs[place],
            kind="seminar",
            title=f"{work}研讨",
            place=f"{work}地点",
            held_on=DAY,
            recorded_by=owner,
        )
        name = f"{bird}文章.jpg"
        own = {
            "activity": seminar,
            "title": f"{bird}题目",
            "file": stored_file(world, place, FilePurpose.PAPER, name, picture()),
            "recorded_by": owner,
        }
        paper = Paper.objects.create(**own, member=world.rows[f"member-{place}"])
        Paper.objects.create(**own, author_name=f"{bird}客人")
        world.put("seminar", place, seminar.pk)
        world.put("paper", place, paper.pk)
