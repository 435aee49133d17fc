"""Pairs of the synthetic street: some of each community, half their plans done."""

from __future__ import annotations

from datetime import date, timedelta

from activities.models import Activity
from liaison.choices.pairs import PAIR_FIELDS
from liaison.models import Pair, PairActivity, PairPartner, PairTask
from organizations.models import Community, Organization, User, WorkUnit

EACH, TASKS = 8, 4


def pairs(today: date, communities: list[Organization], writer: User) -> None:
    begin = today - timedelta(days=330)
    places = list(Community.objects.order_by("pk"))
    units = list(WorkUnit.objects.order_by("pk"))
    for number, place in enumerate(places):
        mine = [unit.pk for unit in units[number :: len(places)]]
        WorkUnit.objects.filter(pk__in=mine).update(community=place)
    held = list(Activity.objects.filter(held_on__gte=begin).order_by("pk")[:EACH])
    found = Pair.objects.bulk_create(
        Pair(
            organization=community,
            title=f"结对{number + 1}",
            field=PAIR_FIELDS[number % len(PAIR_FIELDS)],
            starts_on=begin,
            begun_by=writer,
        )
        for community in communities
        for number in range(EACH)
    )
    PairPartner.objects.bulk_create(
        PairPartner(pair=pair, unit=units[place % len(units)])
        for place, pair in enumerate(found)
    )
    tasks = PairTask.objects.bulk_create(
        PairTask(
            pair=pair,
            words="联合开展反诈宣传",
            due_on=today + timedelta(days=30 * number - 60),
        )
        for pair in found
        for number in range(TASKS)
    )
    PairActivity.objects.bulk_create(
        PairActivity(
            pair=task.pair,
            activity=held[(place + place // TASKS) % len(held)],
            task=task,
            added_by=writer,
        )
        for place, task in enumerate(tasks)
        if place % TASKS == 0
    )
