"""The board of members away: as quick at twenty thousand as at two hundred."""

from __future__ import annotations

import time

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
    _swept()


def _swept() -> None:
    """As an office's tables are kept: swept, and known to be seen by all."""
    connection.close()
    for _ in range(60):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE members_mobilestay")
            cursor.execute(
                "SELECT relallvisible = relpages FROM pg_class WHERE relname = %s",
                ["members_mobilestay"],
            )
            if cursor.fetchone()[0]:
                return
        # Somebody's older look keeps rows from being seen by all: it ends soon.
        time.sleep(1)
    raise AssertionError("members_mobilestay is not swept")


def _fetch(client: Client, url: str) -> Sample:
    def work() -> None:
        assert client.get(url).status_code == 200

    return timed(work, SHOWN)


def measure(street: Street, rounds: int) -> list[Result]:
    """Each page at both numbers in turn, in two copies of the database."""
    own = connection.settings_dict["NAME"]
    clients = {name: client_of(street.users[name]) for name in ("staff", "branch")}
    with copied_database(own, f"{own}_few") as few:
        stays.nobody_is_left()
        _write(street, 0, FEW)
        with copied_database(few, f"{own}_many") as many:
            _write(street, FEW, MANY)
            return [
                _line((role, side), *_in_turn(client, side, rounds, few, many))
                for role, client in clients.items()
                for side in SIDES
            ]


def _in_turn(
    client: Client, side: str, rounds: int, few: str, many: str
) -> tuple[list[Sample], list[Sample], int]:
    """Samples at few and at many, and the queries asked at many."""
    url = reverse("members:mobile-list") + SIDES[side]
    found: dict[str, list[Sample]] = {few: [], many: []}
    for _ in range(rounds):
        for name, samples in found.items():
            connection.close()
            connection.settings_dict["NAME"] = name
            client.get(url)
            samples += [_fetch(client, url) for _ in range(3)]
    return found[few], found[many], queries_of(lambda: client.get(url))


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
