"""What the pages of the Party school show: courses on offer, who is called, figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from activities.choices import Presence
from activities.models import Activity, Course, Participation, SchoolTerm
from organizations.access import Right
from organizations.models import Organization, User

# A street has some six hundred branches; nobody ticks more of them one by one.
MOST_PLACES = 1000


@dataclass
class CourseRow:
    """One course: what was held of it, and how many came."""

    course: Course
    sessions: int = 0
    hours: Decimal = Decimal(0)
    present: int = 0
    listed: int = 0
    people: int = 0

    @property
    def expected(self) -> int:
        """How many should have come, over all sessions."""
        return (self.course.expected_people or 0) * self.sessions or self.listed


def courses_on_offer(
    organization: Organization, today: date, activity: Activity | None = None
) -> list[Course]:
    """Courses that a session of `organization` may be of, and the activity's own."""
    courses = Course.objects.offered_at(organization, today)
    if activity is not None and activity.course_id is not None:
        courses = courses | Course.objects.filter(pk=activity.course_id)
    return list(courses.select_related("term").order_by("-term__starts_on", "pk"))


def invited(user: User, wanted: Sequence[str]) -> list[Organization] | None:
    """The places whose people are called to a session; None when one is not `user`'s.

    `wanted` holds their numbers as an address gives them.
    """
    if len(wanted) > MOST_PLACES or not all(
        word.isascii() and word.isdigit() and len(word) < 19 for word in wanted
    ):
        return None
    ids = {int(word) for word in wanted}
    places = list(
        Organization.objects.with_right(user, Right.RECORD_ACTIVITIES)
        .open()
        .filter(pk__in=ids)
    )
    return places if len(places) == len(ids) else None


def places_of_those_on(activity: Activity) -> list[Organization]:
    """Where the people of a session's list belong, to list their neighbours again."""
    on_list = Participation.objects.filter(activity=activity).values("member")
    return list(
        Organization.objects.filter(
            affiliations__member__in=on_list, affiliations__ends_on__isnull=True
        ).distinct()
    )


def course_rows(courses: Iterable[Course]) -> list[CourseRow]:
    """The courses with their figures, in two queries, whoever held the sessions."""
    rows = {course.pk: CourseRow(course) for course in courses}
    held = Activity.objects.held().filter(course__in=rows).order_by()
    for pk, sessions, hours in held.values_list("course").annotate(
        Count("pk"), Sum("hours")
    ):
        rows[pk].sessions, rows[pk].hours = sessions, hours
    is_present = Q(presence=Presence.PRESENT)
    parts = Participation.objects.filter(activity__in=held).order_by()
    figures = parts.values("activity__course").annotate(
        listed=Count("pk"),
        present=Count("pk", filter=is_present),
        people=Count("member", filter=is_present, distinct=True),
    )
    for found in figures:
        row = rows[found["activity__course"]]
        row.listed, row.present = found["listed"], found["present"]
        row.people = found["people"]
    return list(rows.values())


def people_taught(term: SchoolTerm) -> int:
    """How many different members came to any session of a term."""
    counted = Participation.objects.counted().filter(activity__course__term=term)
    return counted.aggregate(people=Count("member", distinct=True))["people"]


def with_figures(terms: Sequence[SchoolTerm]) -> list[dict[str, Any]]:
    """Terms of a list with courses, sessions and comings, in three queries."""
    courses = _by_term(Course.objects.filter(term__in=terms), "term")
    held = Activity.objects.held().filter(course__term__in=terms)
    sessions = _by_term(held, "course__term")
    came = Participation.objects.counted().filter(activity__course__term__in=terms)
    present = _by_term(came, "activity__course__term")
    return [
        {
            "term": term,
            "courses": courses.get(term.pk, 0),
            "sessions": sessions.get(term.pk, 0),
            "present": present.get(term.pk, 0),
        }
        for term in terms
    ]


def _by_term(rows: QuerySet, term: str) -> dict[int, int]:
    counted = rows.order_by().values_list(term).annotate(Count("pk"))
    return dict(counted)
