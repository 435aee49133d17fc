"""A tree of 6,000 organizations opened level by level, and a large part of it moved."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from config.lib.paths import child_path
from members.choices import AffiliationKind
from members.models import Affiliation
from organizations.models import Community, Organization
from organizations.services.structure import move_organization
from tests.bench.clock import Result, check_references, queries_of, timed
from tests.bench.pages import client_of
from tests.bench.street import Street

NODES = 6_000
MOVED = 1_000
MOVED_MEMBERS = 50_000
OPEN_SECONDS, MOVE_SECONDS = 0.1, 1.0


def measure(street: Street, rounds: int) -> list[Result]:
    with transaction.atomic():
        large, target = _grow(street)
        people = _settle(large)
        _analyze()
        lines = [*_opened(street, large, rounds), _moved(street, large, target, rounds)]
        lines[-1].extra["members below"] = people
        transaction.set_rollback(True)
    return lines


def _opened(street: Street, large: Organization, rounds: int) -> list[Result]:
    client, address = client_of(street.users["staff"]), reverse("organizations:list")
    pages = {
        "its first level": address,
        "down to a community": f"{address}?node={street.communities[0].pk}",
        f"down to {MOVED} branches in a row": f"{address}?node={large.pk}",
    }
    return [
        _page(client, f"tree of {NODES}, {name}", url, rounds)
        for name, url in pages.items()
    ]


def _page(client: Client, name: str, url: str, rounds: int) -> Result:
    def opened() -> None:
        assert client.get(url).status_code == 200

    opened()
    runs = [timed(opened, repeat=5) for _ in range(rounds)]
    return _against(
        Result(name, "< 100 ms", runs, queries=queries_of(opened)), OPEN_SECONDS
    )


def _moved(
    street: Street, large: Organization, target: Organization, rounds: int
) -> Result:
    """There and back: what was moved once is as large the second time."""
    places = [street.root, target]

    def move(to: Organization) -> Callable[[], None]:
        def work() -> None:
            move_organization(
                organization_id=large.pk,
                new_parent_id=to.pk,
                actor=street.users["staff"],
            )
            check_references()

        return work

    queries = queries_of(move(target))
    runs = [timed(move(places[turn % 2])) for turn in range(2 * rounds)]
    large.refresh_from_db()
    below = Organization.objects.subtree(large)
    assert below.count() == MOVED
    assert large.path.startswith(target.path)
    assert not below.exclude(path__startswith=large.path).exists()
    line = Result(
        f"a subtree of {MOVED} organizations moved", "< 1 s", runs, queries=queries
    )
    return _against(line, MOVE_SECONDS)


def _against(line: Result, limit: float) -> Result:
    line.extra = {"of the limit": f"{line.cpu / limit:.2f}"}
    line.is_met = line.cpu < limit
    return line


def _grow(street: Street) -> tuple[Organization, Organization]:
    """Fill the tree up: one committee of 1,000, the others alike; the last is empty."""
    root, numbers = street.root, count(1)
    below = Organization.objects.filter(parent=root).count()

    def made(parent: Organization, place: int, kind: str) -> Organization:
        number = next(numbers)
        return Organization(
            name=f"中共江滨街道第{number}组织委员会",
            short_name=f"第{number}组织",
            code=f"T{number}",
            kind=kind,
            field="community",
            parent=parent,
            path=child_path(parent.path, place),
        )

    large, target = Organization.objects.bulk_create(
        made(root, below + place, "committee") for place in (1, 2)
    )
    Organization.objects.bulk_create(
        made(large, place, "branch") for place in range(1, MOVED)
    )
    places, have = street.communities, Organization.objects.count()
    last = {c.pk: c.children.count() for c in places}
    rows = []
    for turn in range(NODES - have):
        place = places[turn % len(places)]
        last[place.pk] += 1
        rows.append(made(place, last[place.pk], "branch"))
    Organization.objects.bulk_create(rows)
    Community.objects.create(name="划转社区", organization=large)
    return large, target


def _settle(large: Organization) -> int:
    """Put the first 50,000 people on the rolls of the branches that will move."""
    branches = list(large.children.values_list("pk", flat=True))
    rolls = Affiliation.objects.open().filter(kind=AffiliationKind.ON_ROLL)
    chosen = list(rolls.order_by("pk").values_list("pk", flat=True)[:MOVED_MEMBERS])
    share = -(-len(chosen) // len(branches))
    for place, branch in enumerate(branches):
        part = chosen[place * share : (place + 1) * share]
        Affiliation.objects.filter(pk__in=part).update(organization=branch)
    return len(chosen)


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organizations_organization, members_affiliation")
