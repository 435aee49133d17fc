"""A pair in every branch, with a plan, an activity and words of what came of it."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from activities.models import Activity
from liaison.models import Pair, PairActivity, PairOutcome, PairPartner, PairTask
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES
from tests.access.world import World

BEGIN = date(2026, 1, 5)
_UNITS = {"a1": "u1", "a2": "u2", "b1": "u2", "x1": "u3"}


def plant_pairs(world: World) -> None:
    for place in BRANCHES:
        _plant(world, place)


def _plant(world: World, place: str) -> None:
    bird, owner = world.bird(place), world.owner(place)
    pair = Pair.objects.create(
        organization=world.orgs[place],
        title=f"{world.word(WORK, place)}结对",
        field="culture",
        starts_on=BEGIN,
        purpose=f"{bird}目标",
        liaison_name=f"{bird}联络",
        begun_by=owner,
    )
    PairPartner.objects.create(
        pair=pair, unit=world.units[_UNITS[place]], liaison_name=f"{bird}干事"
    )
    today = timezone.localdate()
    task = PairTask.objects.create(
        pair=pair, words=f"{bird}计划", due_on=today - timedelta(days=3)
    )
    PairTask.objects.create(
        pair=pair,
        words=f"{bird}取消",
        due_on=today,
        waived_at=timezone.now(),
        waived_reason=f"{bird}原因",
    )
    activity = Activity.objects.filter(organization=world.orgs[place]).first()
    assert activity is not None
    row = PairActivity.objects.create(pair=pair, activity=activity, added_by=owner)
    PairOutcome.objects.create(
        pair=pair, year=2026, words=f"{bird}成效", written_by=owner
    )
    world.put("joint-pair", place, pair.pk)
    world.put("pair-task", place, task.pk)
    world.put("pair-activity", place, row.pk)
