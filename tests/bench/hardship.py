"""Members in difficulty of the synthetic street: one in fifty, most of them helped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from members.choices.hardship import CaseState, FindingKind, Level
from members.imports import store
from members.models import HardshipAid, HardshipCase, HardshipFinding
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of
from tests.bench.rows import insert

# Of every so many people one has a case, three at least; every tenth only applied.
EVERY, LEAST, APPLIED_EVERY = 50, 3, 10
AIDS = 3


def hardship(
    size: Size,
    today: date,
    members: list[int],
    root: Organization,
    branches: list[Organization],
    user: User,
) -> None:
    stamp = store.moment(timezone.now())
    numbers = range(0, size.members, max(1, min(EVERY, size.members // LEAST)))
    seal = HardshipCase._meta.get_field("kinds").to_token("因病")
    grounds = HardshipCase._meta.get_field("criteria").to_token("因重大疾病住院")

    def cases() -> Iterator[dict[str, Any]]:
        for place, number in enumerate(numbers):
            is_applied = place % APPLIED_EVERY == 1
            day = today - timedelta(days=30 + place % 600)
            state = CaseState.APPLIED if is_applied else CaseState.RECOGNIZED
            yield {
                "member_id": members[number],
                "organization_id": branches[branch_of(number, size)].pk,
                "street_id": root.pk,
                "state": state.value,
                "level": "" if is_applied else Level.values[place % 3],
                "kinds": seal,
                "criteria": grounds,
                "household_size": 3,
                "income_per_head": "800.00",
                "words": "",
                "applied_on": day - timedelta(days=30),
                "applied_by_id": user.pk,
                "met_on": None,
                "meeting_words": "",
                "public_from": None,
                "public_until": None,
                "recognized_on": None if is_applied else day,
                "recognized_body": "" if is_applied else "江滨街道党工委",
                "recognized_by_id": None if is_applied else user.pk,
                "ended_on": None,
                "end_reason": "",
                "closing_words": "",
                "version": 1,
                "created_at": stamp,
            }

    insert(HardshipCase, cases())
    known = HardshipCase.objects.recognized().order_by("pk")
    found = list(known.values_list("pk", "level", "recognized_on"))
    insert(
        HardshipFinding,
        (
            {
                "case_id": pk,
                "kind": FindingKind.RECOGNIZED.value,
                "starts_on": day,
                "ends_on": None,
                "level": level,
                "household_size": 3,
                "income_per_head": "800.00",
                "line": "1000.00",
                "words": "",
                "decided_by_id": user.pk,
                "decided_at": stamp,
            }
            for pk, level, day in found
        ),
    )
    kind = HardshipAid._meta.get_field("kind").to_token("慰问金")
    insert(
        HardshipAid,
        (
            {
                "case_id": pk,
                "street_id": root.pk,
                "kind": kind,
                "amount": "1000.00",
                "given_on": today - timedelta(days=(pk + place * 90) % 360),
                "voucher_number": f"{pk}-{place}",
                "visitors": "",
                "is_visit": True,
                "words": "",
                "urgent_reason": "",
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
                "request_id": None,
                "withdrawn_by_id": None,
                "withdrawn_at": None,
                "withdrawn_words": "",
            }
            for pk, _, _ in found[::2]
            for place in range(AIDS)
        ),
    )
