"""Contacts of the synthetic street: one with every third member, over half a year."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from members.imports import store
from members.models import Contact
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of
from tests.bench.rows import insert

EVERY = 3


def contacts(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    stamp = store.moment(timezone.now())
    insert(
        Contact,
        (
            {
                "member_id": members[number],
                "organization_id": branches[branch_of(number, size)].pk,
                "contacted_on": today - timedelta(days=number % 180),
                "way": "phone",
                "content": "",
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
                "withdrawn_by_id": None,
                "withdrawn_at": None,
            }
            for number in range(0, size.members, EVERY)
        ),
    )
