"""Members who live or work away, in every branch."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from config.lib.crypto import blind_index
from members.models import Member, MobileStay
from tests.access.cast import BRANCHES
from tests.access.world import World
from tests.factories.members import AffiliationFactory, synthetic_id_number


def plant_mobile(world: World, place: str, person: Callable[..., Member]) -> None:
    """Somebody of the branch who is away, and somebody who has come."""
    bird, organization, owner = world.bird(place), world.orgs[place], world.owner(place)
    member = person(world, bird, is_mobile=True)
    AffiliationFactory(member=member, organization=organization)
    day = date(2026, 8, 1)
    shared = {
        "reason": "work",
        "division": "330100",
        "place": f"{bird}住处",
        "home_contact": f"{bird}原联系人",
        "host_contact": f"{bird}新联系人",
        "started_on": day,
        "registered_on": day,
        "registered_by": owner,
        "last_contact_on": day,
    }
    away = MobileStay.objects.create(
        member=member,
        direction="out",
        state="away",
        home=organization,
        host_name=f"{bird}外地支部",
        card_number=f"{bird}证",
        card_issued_on=day,
        **shared,
    )
    world.put("stay", place, away.pk)
    serial = 300 + BRANCHES.index(place)
    number = synthetic_id_number(date(1979, 5, 6), serial, "male")
    came = MobileStay.objects.create(
        direction="in",
        state="registered",
        host=organization,
        name=bird,
        id_number=world.canaries.secret(number),
        id_index=blind_index(number, purpose="members.id_number"),
        phone=world.canaries.secret(f"1360000{serial:04d}"),
        member_type="full",
        ethnicity="Han",
        joined_on=date(2005, 7, 1),
        home_name=f"{bird}外来支部",
        **shared,
    )
    world.put("newcomer", place, came.pk)
