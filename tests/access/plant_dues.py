"""Dues and commendations of every branch; sums are words of their branch too."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from members.models import Commendation, DuesBase, DuesMonth, DuesStanding, Member
from tests.access.canaries import MEMBER
from tests.access.cast import BRANCHES
from tests.access.plant_members import person
from tests.access.world import World
from tests.factories.members import AffiliationFactory

MONTH = date(2026, 9, 1)


def plant_dues(world: World) -> None:
    # From one, as a cell leaves out a nought at the end and joins the next cell.
    for number, place in enumerate(BRANCHES, start=1):
        world.put("dues-branch", place, world.orgs[place].pk)
        _dues(world, place, world.rows[f"member-{place}"], number)
        _reduction(world, place)
        _commendation(world, place)
    # On the roll of b1 and co-managed by a1, which learns nothing of his income.
    _dues(world, "b1", world.rows["shared"], 9)


def _dues(world: World, place: str, member: Member, number: int) -> None:
    def money(text: str) -> str:
        return world.canaries.plant(text, MEMBER, place)

    DuesBase.objects.create(
        member=member,
        kind="employed",
        base=money(f"6128{number}.51"),
        monthly=Decimal(money(f"1225.7{number}")),
        starts_on=date(2026, 1, 1),
    )
    paid = DuesMonth.objects.create(
        member=member,
        organization=world.orgs[place],
        month=MONTH,
        due=None,
        paid=Decimal(money(f"1226.8{number}")),
        paid_on=MONTH,
        recorded_by=world.owner(place),
    )
    DuesStanding.objects.create(
        member=member, opened_to=date(2026, 8, 1), paid_to=MONTH, words="台账"
    )
    if number <= len(BRANCHES):
        world.put("dues-month", place, paid.pk)


def _reduction(world: World, place: str) -> None:
    bird = world.bird(place)
    member = person(world, bird)
    AffiliationFactory(member=member, organization=world.orgs[place])
    reduction = DuesBase.objects.create(
        member=member,
        kind="reduced",
        base="0",
        monthly=0,
        starts_on=date(2026, 1, 1),
        ends_on=date(2027, 1, 1),
        reason=f"{bird}家庭困难",
        approver=f"{bird}党委",
        approved_on=date(2025, 12, 20),
    )
    world.put("dues-reduction", place, reduction.pk)


def _commendation(world: World, place: str) -> None:
    bird = world.bird(place)
    row = Commendation.objects.create(
        member=world.rows[f"member-{place}"],
        organization=world.orgs[place],
        title="优秀共产党员",
        level="street",
        deed=f"{bird}事迹",
        awarded_on=date(2026, 7, 1),
        approver=f"{bird}工委",
        document_number=f"{bird}字1号",
        recorded_by=world.owner(place),
    )
    world.put("commendation", place, row.pk)
