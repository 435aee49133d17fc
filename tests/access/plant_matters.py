"""Delegated matters in every place: one carried, with a step and money that came."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from organizations.models import DelegatedMatter, DelegationStep, MatterArrival
from tests.access.canaries import FUND
from tests.access.cast import BRANCHES
from tests.access.world import World

DAY = date(2026, 9, 1)


def plant_matters(world: World) -> None:
    """Whoever sees a place's funds keeps its matters: the same words tell on both."""
    for place in BRANCHES:
        _plant(world, place)


def _plant(world: World, place: str) -> None:
    bird, owner = world.word(FUND, place), world.owner(place)
    matter = DelegatedMatter.objects.create(
        organization=world.orgs[place],
        title=f"{bird}准入",
        department=f"{bird}部门",
        kind="assisted",
        span="long",
        legal_basis=f"{bird}依据",
        duties=f"{bird}职责",
        power="",
        starts_on=DAY,
        ends_on=date(2026, 9, 30),
        money_due=Decimal(1000),
        money_due_on=DAY,
        equipment=f"{bird}终端",
        applied_on=date(2026, 8, 1),
        state="admitted",
        admitted_on=DAY,
        made_by=owner,
    )
    DelegationStep.objects.create(
        matter=matter,
        step="admitted",
        done_on=DAY,
        decided_by=f"{bird}联席会议",
        document=f"{bird}纪要",
        words=f"{bird}议定",
        recorded_by=owner,
    )
    arrival = MatterArrival.objects.create(
        matter=matter,
        amount=Decimal(10),
        received_on=DAY,
        document=f"{bird}到账",
        note=f"{bird}首笔",
        entered_by=owner,
    )
    waiting = DelegatedMatter.objects.create(
        organization=world.orgs[place],
        title=f"{bird}申请",
        department=f"{bird}来件",
        kind="statutory",
        span="long",
        legal_basis=f"{bird}规定",
        starts_on=DAY,
        applied_on=date(2026, 8, 2),
        made_by=owner,
    )
    world.put("matter", place, matter.pk)
    world.put("matter-waiting", place, waiting.pk)
    world.put("matter-arrival", place, arrival.pk)
