"""Lost contact of the synthetic street, decisions, and whom nobody has met."""

from __future__ import annotations

from datetime import date, timedelta

from members.models import LostCase, MembershipDecision, OutOfTouch, SearchStep
from organizations.models import Organization, User
from tests.bench.people import Size, branch_of
from tests.bench.rows import insert

CASES_EVERY = 97
SILENT_EVERY = 11


def standing(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    """A case a hundred members, a proposal for each second; a tenth was silent."""
    insert(
        OutOfTouch,
        (
            {
                "member_id": members[n],
                "since": today - timedelta(days=130 + n * 37 % 120),
            }
            for n in range(1, size.members, SILENT_EVERY)
        ),
    )
    cases = LostCase.objects.bulk_create(
        LostCase(
            member_id=members[n],
            organization=branches[branch_of(n, size)],
            since=today - timedelta(days=200 + n % 300),
            reason="work_away",
            opened_on=today - timedelta(days=40 + n % 100),
            opened_by=user,
        )
        # The first three, so that the smallest street has each kind of row.
        for n in sorted({1, 2, *range(0, size.members, CASES_EVERY)})
    )
    SearchStep.objects.bulk_create(
        SearchStep(
            case=case,
            taken_on=case.opened_on + timedelta(days=number),
            way=way,
            result="没有消息",
            recorded_by=user,
        )
        for case in cases
        for number, way in enumerate(("phone", "family", "police"))
    )
    MembershipDecision.objects.bulk_create(
        MembershipDecision(
            member_id=case.member_id,
            organization_id=case.organization_id,
            case=case,
            kind="suspended",
            ground="lost",
            meeting_on=today - timedelta(days=3),
            facts="查找无果",
            status_before="normal",
            proposed_by=user,
        )
        for case in cases[::2]
    )
