"""Delegated matters of the synthetic street: many of each community, in all states."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from organizations.models import (
    DelegatedMatter,
    DelegationStep,
    MatterArrival,
    Organization,
    User,
)

MATTERS = 120
_STATES = ("admitted", "admitted", "admitted", "applied", "refused", "ended")


def matters(today: date, communities: list[Organization], keeper: User) -> None:
    day = today - timedelta(days=200)
    rows = DelegatedMatter.objects.bulk_create(
        _matter(place, number, _STATES[number % len(_STATES)], day, keeper)
        for place in communities
        for number in range(MATTERS)
    )
    carried = [row for row in rows if row.admitted_on]
    DelegationStep.objects.bulk_create(
        DelegationStep(
            matter=row,
            step="admitted",
            done_on=day,
            decided_by="街道党建联席会议",
            document="纪要1号",
            recorded_by=keeper,
        )
        for row in carried
    )
    MatterArrival.objects.bulk_create(
        MatterArrival(
            matter=row,
            amount=Decimal(1000),
            received_on=day + timedelta(days=number),
            entered_by=keeper,
        )
        for row in carried
        for number in range(3)
    )


def _matter(
    place: Organization, number: int, state: str, day: date, keeper: User
) -> DelegatedMatter:
    is_admitted = state in {"admitted", "ended"}
    return DelegatedMatter(
        organization=place,
        title=f"事项{number + 1}",
        department=f"区第{number % 12 + 1}局",
        kind="assisted",
        span="long",
        legal_basis="《社区工作准入办法》",
        power="登记" if number % 2 else "",
        starts_on=day,
        ends_on=day + timedelta(days=100) if number % 3 == 0 else None,
        money_due=Decimal(5000),
        money_due_on=day,
        staff_posted=number % 4,
        applied_on=day - timedelta(days=number % 30),
        state=state,
        admitted_on=day if is_admitted else None,
        ended_on=day + timedelta(days=90) if state == "ended" else None,
        made_by=keeper,
    )
