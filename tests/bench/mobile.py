"""The board of members away: as quick at twenty thousand as at two hundred."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.urls import reverse

from members.models import MobileStay
from tests.bench import stays
from tests.bench.clock import Result, Sample, queries_of, timed
from tests.bench.pages import client_of
from tests.bench.people import branch_of
from tests.bench.street import Street
from tests.browser.portal import copied_database

FEW, MANY, SHOWN = 200, 20_000, 20
SIDES = {"out": "", "in": "?side=in", "silent": "?show=silent2"}


def _write(street: Street, first: int, last: int) -> None:
    """Both sides, so many of each; all branches alike."""
    members = stays.rolls(last)
    user, today, size = street.users["branch"], street.today, street.size
    places = [street.branches[branch_of(n, size)] for n in range(len(members))]
    part = range(first, min(last, len(members)))
    MobileStay.objects.bulk_create(
        (stays.out(n, members[n], places[n], user, today) for n in part),
        batch_size=2000,
    )
    MobileStay.objects.bulk_create(
        (stays.came(n, places[n], user, today) for n in part), batch_size=2000
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE members_mobilestay")


def _fetch(client: Client, url: str) -> Sample:
    def work() -> None:
        assert client.get(url).status_code == 200

    return timed(work, SHOWN)


def measure(street: Street, rounds: int) -> list[Result]:
    """Each page at both numbers, in a copy of the database kept as an office's is."""
    own = connection.settings_dict["NAME"]
    with copied_database(own, f"{own}_away"):
        return _measured(street, rounds)


def _measured(street: Street, rounds: int) -> list[Result]:
    address = reverse("members:mobile-list")
    clients = {name: client_of(street.users[name]) for name in ("staff", "branch")}
    found: dict[tuple[str, str], dict[int, list[Sample]]] = {}
    asked: dict[tuple[str, str], int] = {}
    stays.nobody_is_left()
    before = 0
    for number in (FEW, MANY):
        _write(street, before, number)
        before = number
        for role, client in clients.items():
            for side, query in SIDES.items():
                url = address + query
                client.get(url)
                key = (role, side)
                found.setdefault(key, {})[number] = [
                    _fetch(client, url) for _ in range(rounds)
                ]
                asked[key] = queries_of(lambda c=client, u=url: c.get(u))
    return [
        _line(key, samples[FEW], samples[MANY], asked[key])
        for key, samples in found.items()
    ]


def _line(
    key: tuple[str, str], few: list[Sample], many: list[Sample], queries: int
) -> Result:
    least = Result("", "", few)
    line = Result(
        f"board of {MANY} away, {' '.join(key)}", "≤ 1.5 of 200", many, queries=queries
    )
    line.extra = {
        "of 200": f"{line.cpu / least.cpu:.2f}",
        "ms at 200": f"{least.cpu * 1000:.1f}",
    }
    line.is_met = line.cpu <= 1.5 * least.cpu
    return line
