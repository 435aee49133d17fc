"""Members in difficulty in every branch; each text holds the word of hardship there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from members.choices.hardship import CaseState, FindingKind, Level
from members.models import HardshipAid, HardshipCase, HardshipFinding, Member
from tests.access.canaries import HARDSHIP
from tests.access.cast import line_of
from tests.access.world import World


def plant_hardship(
    world: World, place: str, on_roll: Callable[[World, str], Member]
) -> None:
    """One who has applied, one who is recognized and was helped, one refused."""
    word = world.word(HARDSHIP, place)
    applied = _case(world, place, on_roll(world, place), CaseState.APPLIED)
    world.put("hardship", place, applied.pk)
    helped = _case(
        world,
        place,
        on_roll(world, place),
        CaseState.RECOGNIZED,
        level=Level.SPECIAL,
        met_on=date(2026, 8, 10),
        meeting_words=f"{word}大会意见",
        public_from=date(2026, 8, 11),
        public_until=date(2026, 8, 20),
        recognized_on=date(2026, 8, 25),
        recognized_body=f"{word}工委",
        recognized_by=world.owner(place),
    )
    HardshipFinding.objects.create(
        case=helped,
        kind=FindingKind.RECOGNIZED,
        starts_on=date(2026, 8, 25),
        level=Level.SPECIAL,
        household_size=3,
        income_per_head=Decimal(700),
        words=f"{word}认定说明",
        decided_by=world.owner(place),
    )
    aid = HardshipAid.objects.create(
        case=helped,
        street=helped.street,
        kind=f"{word}慰问金",
        amount=Decimal(1000),
        given_on=date(2026, 9, 20),
        voucher_number=f"{word}1号",
        visitors=f"{word}走访人",
        is_visit=True,
        words=f"{word}慰问",
        recorded_by=world.owner(place),
    )
    world.put("hardship-recognized", place, helped.pk)
    world.put("aid", place, aid.pk)
    _case(
        world,
        place,
        world.rows[f"member-{place}"],
        CaseState.REFUSED,
        ended_on=date(2026, 8, 25),
        closing_words=f"{word}不符合",
    )


def _case(
    world: World, place: str, member: Member, state: str, **more: object
) -> HardshipCase:
    word = world.word(HARDSHIP, place)
    return HardshipCase.objects.create(
        member=member,
        organization=world.orgs[place],
        street=world.orgs[line_of(place)[-1]],
        state=state,
        kinds=f"{word}因病",
        criteria=f"{word}重大疾病",
        household_size=3,
        income_per_head=Decimal(700),
        words=f"{word}情况",
        applied_on=date(2026, 8, 1),
        applied_by=world.owner(place),
        **more,
    )
