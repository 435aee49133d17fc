"""Measures 3 and 4: the member list in scope, and search by a part of a name."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from urllib.parse import quote

from django.test import Client
from django.urls import reverse

from config.lib.names import pinyin
from members.models import Member
from members.search import condition
from tests.bench.clock import Result, Sample, in_turn, queries_of, timed
from tests.bench.deeds import pools
from tests.bench.link import Peer
from tests.bench.pages import client_of
from tests.bench.people import Size, card_branch, person
from tests.bench.street import Street

PEER_LIST = "/admin/peer/member/"
OURS, THEIRS = 20, 5  # requests a sample
PAGE = 50
_ROW = re.compile(rb'href="/members/(\d+)/">([^<]*)</a>')


@lru_cache(maxsize=1)
def names(size: Size, today: date) -> list[str]:
    return [person(number, size, today)["name"] for number in range(size.members)]


def shown(client: Client, url: str) -> list[str]:
    """The names on a page of the list, in order."""
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return [name.decode() for _, name in _ROW.findall(answer.content)]


def _fetch(client: Client, url: str) -> Sample:
    def work() -> None:
        assert client.get(url).status_code == 200

    return timed(work, OURS)


def measure(street: Street, peer: Peer, rounds: int) -> list[Result]:
    clients = {n: client_of(street.users[n]) for n in ("staff", "community", "branch")}
    _check_pages(street, clients)
    url = reverse("members:list")
    last = f"{PEER_LIST}?p={-(-street.size.members // PAGE)}"
    works = {
        **{
            name: lambda c=client: _fetch(c, url)  # type: ignore[misc]
            for name, client in clients.items()
        },
        "last": lambda: _fetch(clients["staff"], url + "?last=1"),
        "peer": lambda: peer.page(PEER_LIST, THEIRS),
        "peer last": lambda: peer.page(last, THEIRS),
    }
    found = in_turn(works, rounds)
    their_queries = peer.ask("page_queries", url=PEER_LIST)
    assert their_queries["rows"] == min(PAGE, street.size.members)
    results = []
    for name, client in clients.items():
        shown(client, url)
        queries = queries_of(lambda c=client: c.get(url))
        line = Result(f"member list, {name}", "≤ 1/5", found[name], found["peer"])
        line.queries, line.their_queries = queries, their_queries["queries"]
        line.is_met = line.ratio >= 5
        results.append(line)
    line = Result("member list, last page", "≤ 1.5 of the first", found["last"])
    line.theirs = found["peer last"]
    line.extra = {"of the first": round(line.cpu / results[0].cpu, 2)}
    line.is_met = line.cpu <= 1.5 * results[0].cpu
    return [*results, line]


def _check_pages(street: Street, clients: dict[str, Client]) -> None:
    """The first and the last page of each scope against the people's numbers."""
    size, url = street.size, reverse("members:list")
    known = names(size, street.today)
    inside = {
        "staff": range(size.members),
        "community": sorted({n for p in pools(size)[: size.branches] for n in p}),
        "branch": pools(size)[0],
    }
    for name, client in clients.items():
        order = sorted(inside[name], key=lambda n: (pinyin(known[n]), n))
        assert shown(client, url) == [known[n] for n in order[:PAGE]], name
        tail = [known[n] for n in order[-PAGE:]]
        assert shown(client, url + "?last=1") == tail, name
    assert card_branch(0, size) < size.branches


def measure_search(street: Street, peer: Peer, rounds: int) -> list[Result]:
    client = client_of(street.users["staff"])
    known = names(street.size, street.today)
    three = next(name for name in known if len(name) == 3)
    results = []
    for text in (three[1], three[1:], three):
        wanted = sum(text in name for name in known)
        mine = Member.objects.visible_to(street.users["staff"])
        assert mine.filter(condition(text)).count() == wanted, text
        assert peer.ask("found_by", text=text)["found"] == wanted, text
        query = f"?q={quote(text)}"
        url, other = reverse("members:list") + query, PEER_LIST + query
        assert len(shown(client, url)) == min(PAGE, wanted)
        found = in_turn(
            {
                "ours": lambda u=url: _fetch(client, u),
                "peer": lambda u=other: peer.page(u, THEIRS),
            },
            rounds,
        )
        shown(client, url)
        line = Result(
            f"search, {len(text)} character{'s' * (len(text) > 1)}",
            "≤ 1/10",
            found["ours"],
            found["peer"],
            queries_of(lambda u=url: client.get(u)),
            peer.ask("page_queries", url=other)["queries"],
            {"found": wanted},
        )
        line.is_met = line.ratio >= 10
        results.append(line)
    return results
