"""The Party school of the synthetic street: terms, courses, sessions with people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from activities.models import (
    Activity,
    Course,
    Participation,
    SchoolTerm,
    SelfStudy,
)
from config.lib.dates import SHANGHAI
from members.imports import store
from members.models import Candidate, Officer
from organizations.models import Election, Organization, Term, User
from tests.bench.people import Size, branch_of
from tests.bench.rows import insert

COURSES = ("党章和党内法规", "社区治理实务", "群众工作方法", "安全生产")
SESSIONS = 3
PRESENT = 60


def school(
    size: Size,
    today: date,
    members: list[int],
    root: Organization,
    communities: list[Organization],
    writer: User,
) -> None:
    """A term of the street and of each community, with sessions of every course."""
    terms = SchoolTerm.objects.bulk_create(
        SchoolTerm(
            organization=place,
            name="业余党校",
            starts_on=today - timedelta(days=200),
            ends_on=today + timedelta(days=100),
            recorded_by=writer,
        )
        for place in (root, *communities)
    )
    courses = Course.objects.bulk_create(
        Course(term=term, title=title, lecturer="讲得清", hours=4)
        for term in terms
        for title in COURSES
    )
    sessions = Activity.objects.bulk_create(
        _session(course, today - timedelta(days=20 + 50 * turn), writer)
        for course in courses
        for turn in range(SESSIONS)
    )
    insert(
        Participation,
        (
            {
                "activity_id": session.pk,
                "member_id": members[(place * PRESENT + seat) % len(members)],
                "presence": "present",
                "hours": "4.0",
                "note": "",
            }
            for place, session in enumerate(sessions)
            for seat in range(min(PRESENT, len(members)))
        ),
    )


def _session(course: Course, day: date, writer: User) -> Activity:
    return Activity(
        organization=course.term.organization,
        kind="lecture",
        title=course.title,
        starts_at=datetime.combine(day, time(14), tzinfo=SHANGHAI),
        held_on=day,
        hours=4,
        place="党校教室",
        course=course,
        recorded_by=writer,
    )


def study(
    size: Size,
    today: date,
    members: list[int],
    branches: list[Organization],
    writer: User,
) -> None:
    """Every third member studied alone twice, with a question; a secretary a branch."""
    stamp = store.moment(timezone.now())
    words = {
        name: SelfStudy._meta.get_field(name).to_token
        for name in ("material", "notes", "question", "answer", "answered_by")
    }

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(0, size.members, 3):
            for turn in range(2):
                is_open = turn == 1 and number % 2 == 0
                texts = {
                    "material": "《党章》",
                    "notes": "记了三页笔记",
                    "question": "怎样开好组织生活会？" if is_open else "",
                    "answer": "",
                    "answered_by": "",
                }
                yield {
                    "member_id": members[number],
                    "organization_id": branches[branch_of(number, size)].pk,
                    "studied_on": today - timedelta(days=10 + turn * 60),
                    "hours": "2.0",
                    **{name: words[name](text) for name, text in texts.items()},
                    "answered_on": None,
                    "recorded_by_id": writer.pk,
                    "recorded_at": stamp,
                    "withdrawn_at": None,
                    "withdrawn_reason": "",
                    "version": 1,
                    "request_id": None,
                }

    insert(SelfStudy, rows())
    heads = {branch_of(number, size): pk for number, pk in enumerate(members)}
    elected_on = today - timedelta(days=500)
    votes = dict.fromkeys(("eligible", "present", "issued", "returned", "valid"), 30)
    elections = Election.objects.bulk_create(
        Election(
            organization=branches[branch],
            kind="general",
            forum="meeting",
            held_on=elected_on,
            seats=1,
            recorded_by=writer,
            **votes,
        )
        for branch in heads
    )
    Term.objects.bulk_create(
        Term(
            organization=election.organization,
            number=1,
            starts_on=elected_on,
            due_on=elected_on + timedelta(days=1826),
            election=election,
        )
        for election in elections
    )
    for election, pk in zip(elections, heads.values(), strict=True):
        election.head = pk
    Candidate.objects.bulk_create(
        Candidate(
            election=election,
            member_id=election.head,
            role="secretary",
            votes=30,
            is_elected=True,
        )
        for election in elections
    )
    Officer.objects.bulk_create(
        Officer(
            member_id=election.head,
            organization=election.organization,
            election=election,
            role="secretary",
            starts_on=elected_on,
            recorded_by=writer,
        )
        for election in elections
    )
