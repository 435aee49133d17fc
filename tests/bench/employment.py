"""Laid-off members of the synthetic street: spells, needs, help and deeds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from activities.choices import Presence
from activities.models import Participation
from members.imports import store
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Lead
from organizations.models import Organization, User
from tests.bench import contacts
from tests.bench.people import Size, branch_of, person
from tests.bench.rows import insert

FEW = 8


def employment(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    user: User,
) -> None:
    """Everybody laid off with a spell, half helped, every third found some work."""
    stamp = store.moment(timezone.now())
    concerned = _concerned(size, today)
    # Helped by nobody, called by nobody: he stays away, so that the warning has a row.
    absent = next(n for place, n in concerned if place % 2 and n % contacts.EVERY)
    Participation.objects.filter(member=members[absent]).update(
        presence=Presence.ABSENT, hours=0
    )

    def row(number: int, **values: Any) -> dict[str, Any]:
        return {
            "member_id": members[number],
            "organization_id": branches[branch_of(number, size)].pk,
            "recorded_by_id": user.pk,
            "recorded_at": stamp,
            "withdrawn_by_id": None,
            "withdrawn_at": None,
            **values,
        }

    def spells() -> Iterator[dict[str, Any]]:
        for place, number in concerned:
            lost_on = today - timedelta(days=400 + place % 400)
            values = {"workplace": "", "replaces_id": None, "source": "hand"}
            yield row(number, status="laid_off", starts_on=lost_on, **values)
            if place % 3 == 0:
                found_on = today - timedelta(days=place % 380)
                yield row(number, status="flexible", starts_on=found_on, **values)

    def steps() -> Iterator[dict[str, Any]]:
        for place, number in concerned:
            if place % 2:
                continue
            yield row(
                number,
                kind="job_offer" if place % 4 else "training",
                given_on=today - timedelta(days=place % 380),
                provider="",
                content="",
                result="pending",
                result_on=None,
                result_words="",
                version=1,
            )

    def leads() -> Iterator[dict[str, Any]]:
        for place, number in concerned:
            if place % 5:
                continue
            yield row(
                number,
                kind="people",
                starts_on=today - timedelta(days=place % 380),
                title=_title,
                people_count=2,
                posts_count=0,
                evidence="",
                source="hand",
            )

    _title = Lead._meta.get_field("title").to_token("到小店做工")
    needs = EmploymentNeed._meta.get_field("needs").to_token("希望离家近")
    insert(EmploymentSpell, spells())
    insert(HelpStep, steps())
    insert(Lead, leads())
    insert(
        EmploymentNeed,
        (
            {
                "member_id": members[number],
                "needs": needs,
                "skills": "",
                "recorded_by_id": user.pk,
                "recorded_at": stamp,
            }
            for place, number in concerned
            if place % 2 == 0
        ),
    )


def _concerned(size: Size, today: date) -> list[tuple[int, int]]:
    """Place in the branch and number of the laid-off, and of a few of each branch.

    So that even in a small street no page of a branch is empty.
    """
    counts: Counter[int] = Counter()
    found = []
    for number in range(size.members):
        branch = branch_of(number, size)
        is_laid_off = person(number, size, today)["category"] == "laid_off"
        if is_laid_off or counts[branch] < FEW:
            found.append((counts[branch], number))
            counts[branch] += 1
    return found
