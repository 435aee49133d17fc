"""Seminars of the synthetic street, with papers by members."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from activities.models import Activity, Paper
from config.lib.dates import SHANGHAI
from organizations.choices import FilePurpose
from organizations.models import Organization, StoredFile, User
from tests.bench.people import Size, branch_of

MOST = 10


def papers(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    writer: User,
) -> None:
    """One seminar in each branch, with a paper by each of its first people."""
    day = today - timedelta(days=30)
    seminars = Activity.objects.bulk_create(
        Activity(
            organization=branch,
            kind="seminar",
            title="党员先锋作用大家谈",
            starts_at=datetime.combine(day, time(14), tzinfo=SHANGHAI),
            held_on=day,
            hours=3,
            place="社区活动室",
            recorded_by=writer,
        )
        for branch in branches
    )
    files = StoredFile.objects.bulk_create(
        StoredFile(
            file="paper/bench",
            original_name="材料.pdf",
            content_type="application/pdf",
            size=1000,
            sha256="0" * 64,
            purpose=FilePurpose.PAPER,
            organization=branch,
            uploaded_by=writer,
        )
        for branch in branches
    )
    taken = dict.fromkeys(range(len(branches)), 0)
    found = []
    for number, pk in enumerate(members):
        place = branch_of(number, size)
        if taken[place] < MOST:
            taken[place] += 1
            found.append(
                Paper(
                    activity=seminars[place],
                    member_id=pk,
                    title="我的岗位我负责",
                    file=files[place],
                    recorded_by=writer,
                )
            )
    Paper.objects.bulk_create(found)
