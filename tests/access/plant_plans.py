"""Activities to come and plans, in every branch and community."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from activities.choices import ActivityState
from activities.models import CalendarFeed, Plan, PlanLine
from activities.services.feeds import digest_of
from config.lib.dates import SHANGHAI
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES, PARENTS
from tests.access.world import World
from tests.factories.activities import ActivityFactory


def plant_plans(world: World) -> None:
    for place in BRANCHES:
        _planned(world, place)
    for place in ("a1", "b1", "x1"):
        _plan(world, place)
    _feed(world)


def _feed(world: World) -> None:
    """Of somebody whose post has ended: whoever has the address finds nothing in it."""
    token = "a-planted-address"
    CalendarFeed.objects.create(
        user=world.users["expired"], digest=digest_of(token), issued_at=timezone.now()
    )
    world.put("feed", "a1", token)


def _plan(world: World, place: str) -> None:
    """A plan of the community above, or of the other street."""
    above = PARENTS[place]
    day = timezone.localdate()
    plan = Plan.objects.create(
        organization=world.orgs[above],
        year=day.year,
        title="学习计划",
        note="按月落实",
        created_by=world.owner(place),
    )
    PlanLine.objects.create(
        plan=plan, kind="study", subject="政策学习", starts_on=day, due_on=day
    )
    below = frozenset(key for key, parent in PARENTS.items() if parent == above)
    world.rows[f"plan-{place}"] = plan
    world.put("plan", place, plan.pk, org=above, also=below)


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
