"""Activities: 500 people recorded, the completion matrix, two million parts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, Course, Participation, Program
from activities.people import people_of
from tests.bench import pages
from tests.bench.clock import Result, check_references, queries_of, timed
from tests.bench.street import Street
from tests.browser.portal import copied_database

PRESENT = 500
MANY = 2_000_000


def measure(street: Street, rounds: int) -> list[Result]:
    staff = pages.client_of(street.users["staff"])
    return [
        _recording(street, staff, rounds),
        *_pages(street, staff, rounds),
        _crowded(street),
    ]


def _recording(street: Street, staff: Client, rounds: int) -> Result:
    """A lesson of the school for three branches: the whole request, taken back."""
    url = reverse("activities:record")
    course = Course.objects.filter(term__organization=street.root).first()
    called = street.branches[
        : max(3, 600 * len(street.branches) // street.size.members)
    ]
    asked = {
        "branch": street.root.pk,
        "course": course.pk,
        "among": [branch.pk for branch in called],
    }
    people = people_of(street.root, street.users["staff"], among=called)
    sent = asked | {
        "course_id": course.pk,
        "kind": "lecture",
        "prefilled": "lecture",
        "title": "社区治理实务",
        "starts_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "hours": "4",
        "place": "街道会议室",
        "present": [person.member_id for person in people[:PRESENT]],
    }

    def record() -> None:
        with transaction.atomic():
            answer = staff.post(url, sent | {"request_id": str(uuid4())})
            assert answer.status_code == 302, answer.status_code
            written = Activity.objects.latest("pk").participations.count()
            assert written == PRESENT
            check_references()
            transaction.set_rollback(True)

    record()
    line = Result(
        f"attendance of {PRESENT} recorded, whole request",
        "< 0.5 s",
        [timed(record) for _ in range(rounds)],
        queries=queries_of(record),
    )
    line.is_met = line.cpu < 0.5
    return line


def _pages(street: Street, staff: Client, rounds: int) -> list[Result]:
    url = reverse("activities:completion")
    found = [
        _page(
            f"completion of {program.name}, {street.size.members} members",
            "< 200 ms at 20,000",
            partial(staff.get, url, {"program": program.line}),
            f"· {program.name}</h2>",
            rounds,
        )
        for program in Program.objects.filter(valid_until__isnull=True)
    ]
    study = partial(staff.get, reverse("activities:study"))
    name = f"study hours, {street.size.members} members"
    return [*found, _page(name, "—", study, "学习", rounds)]


def _page(name: str, goal: str, get: Callable, words: str, rounds: int) -> Result:
    """One page, on which `words` stand: an unknown choice shows another page."""

    def work() -> None:
        answer = get()
        assert answer.status_code == 200
        assert words in answer.content.decode()

    work()
    samples = [timed(work, 3) for _ in range(rounds)]
    line = Result(name, goal, samples, queries=queries_of(work))
    if goal != "—":
        line.is_met = line.cpu < 0.200
    return line


def _crowded(street: Street) -> Result:
    """Every page asks as many queries at two million participations as before."""
    before = pages.query_counts(street)
    own = connection.settings_dict["NAME"]
    with copied_database(own, f"{own}_crowded"):
        sample = timed(_crowd)
        after = pages.query_counts(street)
        written = Participation.objects.count()
    grown = {
        key: (before[key], number)
        for key, number in after.items()
        if number > before[key]
    }
    line = Result(
        f"queries of {len(after)} pages at {written} participations",
        "as many as before",
        [sample],
    )
    line.extra = {"more": str(grown or "none")}
    line.is_met = not grown and written >= MANY
    return line


def _crowd() -> None:
    """Repeat every activity, with its items and people, until there are enough."""
    times = -(-MANY // Participation.objects.count()) - 1
    last = Activity.objects.latest("pk").pk
    items = Activity.items.through
    with connection.cursor() as cursor:
        for model, own in ((Activity, "id"), (items, ""), (Participation, "")):
            columns = [
                field.column
                for field in model._meta.concrete_fields
                if field.column != "id" or own
            ]
            moved = "id" if own else "activity_id"
            shown = {
                moved: f"{moved} + {last} * turn",
                # On other days, lest everybody be at two places at once.
                "held_on": "held_on - turn",
                "starts_at": "starts_at - turn * interval '1 day'",
                "request_id": "NULL",
            }
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) "
                f"SELECT {', '.join(shown.get(name, name) for name in columns)} "
                f"FROM {model._meta.db_table}, generate_series(1, {times}) turn"
            )
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
            [Activity._meta.db_table, last * (times + 1)],
        )
        cursor.execute("VACUUM ANALYZE")
