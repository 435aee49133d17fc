"""Instructors of the synthetic street: two of each community, their units and work."""

from __future__ import annotations

from datetime import date, timedelta

from members.models import (
    Instructor,
    InstructorAppraisal,
    InstructorPosting,
    InstructorRecord,
)
from organizations.models import Community, User, WorkUnit

EACH, UNITS, RECORDS = 2, 7, 4


def instructors(today: date, writer: User) -> None:
    """After the two-new units."""
    begin = today - timedelta(days=400)
    places = list(Community.objects.order_by("organization__path"))
    made = Instructor.objects.bulk_create(
        Instructor(
            organization=place.organization,
            name=f"指导员{place.pk}之{number}",
            source="retired",
            starts_on=begin,
            ends_on=begin + timedelta(days=380 if number else 730),
            recorded_by=writer,
        )
        for place in places
        for number in range(EACH)
    )
    units = {
        place.pk: list(
            WorkUnit.objects.filter(community=place, name__startswith="两新单位")
            .order_by("pk")
            .values_list("pk", flat=True)[: EACH * UNITS]
        )
        for place in places
    }
    postings = InstructorPosting.objects.bulk_create(
        InstructorPosting(
            instructor=made[turn * EACH + number],
            unit_id=pk,
            starts_on=begin,
            recorded_by=writer,
        )
        for turn, place in enumerate(places)
        for number in range(EACH)
        for pk in units[place.pk][number * UNITS : (number + 1) * UNITS]
    )
    InstructorRecord.objects.bulk_create(
        InstructorRecord(
            instructor_id=posting.instructor_id,
            posting=posting,
            kind="call" if number % 2 else "visit",
            # The first few have been left alone too long, in a small street too.
            held_on=today - timedelta(days=12 * number + (turn + 35) % 40),
            words="了解职工情况",
            recorded_by=writer,
        )
        for turn, posting in enumerate(postings)
        for number in range(RECORDS)
    )
    InstructorAppraisal.objects.bulk_create(
        InstructorAppraisal(
            instructor=each,
            year=begin.year,
            grade="competent",
            decided_on=begin + timedelta(days=200),
            recorded_by=writer,
        )
        for each in made
    )
