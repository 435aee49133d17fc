"""Activities to come and plans, in every branch and community."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from activities.choices import ActivityState
from config.lib.dates import SHANGHAI
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES
from tests.access.world import World
from tests.factories.activities import ActivityFactory


def plant_plans(world: World) -> None:
    for place in BRANCHES:
        _planned(world, place)


def _planned(world: World, place: str) -> None:
    bird, work = world.bird(place), world.word(WORK, place)
    # Tomorrow: what has to be held by then changes with every day of the tests.
    day = timezone.localdate() + timedelta(days=1)
    activity = ActivityFactory(
        organization=world.orgs[place],
        kind="theme_day",
        title=f"{work}安排",
        place="同一个房间",
        leader=f"{bird}主讲",
        summary=f"{bird}内容安排",
        held_on=day,
        starts_at=datetime.combine(day, time(9), tzinfo=SHANGHAI),
        state=ActivityState.PLANNED,
        recorded_by=world.owner(place),
    )
    world.put("planned", place, activity.pk)
