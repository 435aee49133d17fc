"""Dues of the synthetic street: a base and a standing each, and the last months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from members.imports import store
from members.models import Commendation, DuesBase, DuesMonth, DuesStanding
from members.rules.dues import last_due, step
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of, came_on
from tests.bench.rows import insert

MONTHS = 3
COMMENDED_EVERY = 50


def dues(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    stamp = store.moment(timezone.now())
    recorded = {
        "recorded_by_id": user.pk,
        "recorded_at": stamp,
        "withdrawn_by_id": None,
        "withdrawn_at": None,
    }
    last = last_due(today)
    token = DuesBase._meta.get_field("base").to_token
    sealed = [token(str(3000 + 500 * n)) for n in range(16)]

    def owed(number: int) -> int:
        """Three of a hundred are behind, one of them by half a year."""
        return {0: 7, 1: 4, 2: 3}.get(number % 100, 0)

    def months() -> Iterator[dict[str, Any]]:
        for number, pk in enumerate(members):
            for back in range(owed(number), MONTHS):
                month = step(last, -back)
                if came_on(number, today) < step(month, 1):
                    yield {
                        "member_id": pk,
                        "organization_id": branches[branch_of(number, size)].pk,
                        "month": month,
                        "due": Decimal("45.00"),
                        "paid": Decimal("45.00"),
                        "paid_on": month,
                        "withdrawal": "",
                        **recorded,
                    }

    insert(
        DuesBase,
        (
            {
                "member_id": pk,
                "kind": "employed",
                "base": sealed[number % 16],
                "monthly": Decimal("45.00"),
                "starts_on": step(last, -24),
                "ends_on": None,
                "reason": "",
                "approver": "",
                "approved_on": None,
                "withdrawal": "",
                **recorded,
            }
            for number, pk in enumerate(members)
        ),
    )
    insert(DuesMonth, months())
    insert(
        DuesStanding,
        (
            {
                "member_id": pk,
                "opened_to": step(last, -max(MONTHS, owed(number))),
                "paid_to": step(last, -owed(number)),
                "words": "",
                "version": 1,
            }
            for number, pk in enumerate(members)
        ),
    )
    deed = Commendation._meta.get_field("deed").to_token("助人为乐")
    insert(
        Commendation,
        (
            {
                "member_id": members[number],
                "organization_id": branches[branch_of(number, size)].pk,
                "title": "优秀共产党员",
                "level": "street",
                "deed": deed,
                "awarded_on": date(today.year, 1, 5),
                "approver": "街道党工委",
                "document_number": "",
                **recorded,
            }
            for number in range(0, size.members, COMMENDED_EVERY)
        ),
    )
