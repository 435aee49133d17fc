"""Members of the synthetic street who are away or have come."""

from __future__ import annotations

from datetime import date, timedelta

from members.models import Member, MobileStay
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of

EVERY = 5
_DIVISIONS = ("330100", "310115", "220100", "440300", "990000", "000000")


def stays(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    """Every fifth member is away; half as many have come and wait."""
    away = range(0, size.members, EVERY)
    MobileStay.objects.bulk_create(
        (out(n, members[n], branches[branch_of(n, size)], user, today) for n in away),
        batch_size=2000,
    )
    MobileStay.objects.bulk_create(
        (came(n, branches[branch_of(n, size)], user, today) for n in away[::2]),
        batch_size=2000,
    )


def out(
    number: int, member_id: int, home: Organization, user: User, today: date
) -> MobileStay:
    """Somebody of a roll who is away, silent for up to 200 days."""
    return MobileStay(
        member_id=member_id,
        direction="out",
        state="away",
        home=home,
        host_name="外地支部",
        division=_DIVISIONS[number % len(_DIVISIONS)],
        place="某工业园",
        home_contact="组织委员",
        home_phone="13900001111",
        reason="work",
        started_on=today - timedelta(days=300),
        registered_on=today - timedelta(days=200),
        registered_by=user,
        last_contact_on=today - timedelta(days=(number * 7 + 10) % 200),
        card_number=f"K{number}" if number % 3 == 0 else "",
        card_issued_on=today - timedelta(days=250) if number % 3 == 0 else None,
        expected_end_on=today + timedelta(days=number % 400 - 30),
    )


def came(number: int, host: Organization, user: User, today: date) -> MobileStay:
    """Somebody from outside, every second verified."""
    is_verified = number % 4 == 0
    return MobileStay(
        direction="in",
        state="verified" if is_verified else "registered",
        host=host,
        name=f"来客{number}",
        id_index=f"bench-{number}",
        home_name="外地支部",
        division=_DIVISIONS[number % 4],
        reason="family",
        member_type="full",
        ethnicity="Han",
        joined_on=date(2010, 7, 1),
        started_on=today - timedelta(days=100),
        registered_on=today - timedelta(days=number * 4 % 60),
        registered_by=user,
        last_contact_on=today - timedelta(days=number * 4 % 60),
        proof="call" if is_verified else "",
        verified_on=today - timedelta(days=number * 4 % 60) if is_verified else None,
    )


def nobody_is_left() -> None:
    """Before a measure writes its own."""
    MobileStay.objects.all().delete()


def rolls(count: int) -> list[int]:
    """Ids of so many members, in order."""
    found = Member._base_manager.order_by("pk").values_list("pk", flat=True)
    return list(found[:count])
