"""Transfers of the synthetic street: letters out of it, some open, some long closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from members.choices import TransferDestination, TransferDirection, TransferState
from members.imports import store
from members.models import LetterCounter, Transfer, TransferBatch
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of
from tests.bench.rows import insert

# Of every so many people one has had a letter; every fifth of those is still open.
EVERY, OPEN_EVERY = 12, 5


def letters(
    size: Size,
    today: date,
    members: list[int],
    root: Organization,
    branches: list[Organization],
    user: User,
) -> None:
    """Numbered letters; the open ones are on their way, the others withdrawn."""
    batch = TransferBatch.objects.create(title="批量转接", drafted_by=user)
    stamp = store.moment(timezone.now())

    def rows() -> Iterator[dict[str, Any]]:
        for serial, number in enumerate(range(0, size.members, EVERY), start=1):
            is_open = serial % OPEN_EVERY == 0
            issued_on = today - timedelta(days=serial % 20)
            yield {
                "member_id": members[number],
                "direction": TransferDirection.OUT.value,
                "state": (
                    TransferState.ISSUED if is_open else TransferState.WITHDRAWN
                ).value,
                "source_id": branches[branch_of(number, size)].pk,
                "source_name": "",
                "foreign_number": "",
                "target_id": None,
                "destination": TransferDestination.WORKPLACE.value,
                "addressee": "中共江城市临江区工作委员会",
                "target_name": "中共临江机械公司支部委员会",
                "reason": "调动",
                "dues_paid_to": today.replace(day=1),
                "valid_days": 30,
                "issuer_id": root.pk,
                "year": today.year,
                "serial": serial,
                "issued_on": issued_on,
                "last_day": issued_on + timedelta(days=29),
                "accepted_on": None,
                "receipt_on": None,
                "ended_on": None if is_open else issued_on,
                "closing_note": "",
                "replaces_id": None,
                "batch_id": batch.pk if serial <= 200 else None,
                "drafted_by_id": user.pk,
                "drafted_at": stamp,
                "version": 1,
            }

    insert(Transfer, rows())
    last = Transfer.objects.count()
    LetterCounter.objects.create(issuer=root, year=today.year, last=last)
