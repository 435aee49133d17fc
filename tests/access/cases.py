"""Trying one entry: every actor, place and method, and what was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from tests.access.cast import ACTORS, Actor
from tests.access.policies import (
    ABSENT,
    LOGIN,
    METHOD,
    OK,
    Entry,
    expected,
    statuses,
)
from tests.access.visits import Answer, Visitor
from tests.access.world import PLACES, Planted

_PROBED = {"anonymous", "branch_secretary"}
# Met the same way whatever is asked for: sent away, or without any right.
_OUTSIDE = {"anonymous", "deactivated", "expired"}
_FAR_REACHING = {
    *("sysadmin", "auditor", "committee_staff", "branch_secretary"),
    "hardship_officer",
}
_HTMX = {"HX-Request": "true", "HX-Target": "main"}


def try_entry(visitor: Visitor, entry: Entry) -> list[str]:
    """Return one line for each thing that is not as the entry says."""
    faults = []
    for actor in ACTORS.values():
        absent: dict[str, dict[Any, list[str]]] = {}
        for place in places_of(visitor, entry, actor):
            planted = visitor.world.find(entry.at, place) if entry.at else None
            url = address(visitor, entry, planted)
            for method, data, headers in requests_of(visitor, entry, actor, planted):
                answer = visitor.send(actor, method, url, data, headers)
                outcome = (
                    METHOD
                    if method == "PUT"
                    else expected(entry, method, actor, planted)
                )
                where = f"{actor.key} {method} {place or url}"
                found = judge(entry, method, outcome, answer)
                found += visitor.faults(actor, answer)
                faults += [f"{where}: {fault}" for fault in found]
                if outcome == ABSENT and not found:
                    key = key_of(visitor, entry, planted)
                    seen = answer.fingerprint(str(key))
                    kind = f"{method} {bool(data)} {bool(headers)}"
                    absent.setdefault(kind, {}).setdefault(seen, []).append(place)
        faults += [
            f"{actor.key} {kind}: absent places differ: {list(answers.values())}"
            for kind, answers in absent.items()
            if len(answers) > 1
        ]
    return faults


def places_of(visitor: Visitor, entry: Entry, actor: Actor) -> list[str]:
    """The four places; the other street for those who might reach it."""
    if not entry.at:
        return [""]
    is_admin = entry.style == "admin"
    if (is_admin and not actor.opens_admin) or actor.key in _OUTSIDE:
        return ["a1", "missing"]
    known = {*visitor.world.planted[entry.at], "missing"}
    if actor.key not in _FAR_REACHING:
        known.discard("x1")
    return [place for place in PLACES if place in known]


def key_of(visitor: Visitor, entry: Entry, planted: Planted | None) -> Any:
    if planted is not None:
        return planted.pk
    return visitor.world.missing_key(entry.at) if entry.at else ""


def address(visitor: Visitor, entry: Entry, planted: Planted | None) -> str:
    if entry.path:
        return entry.path
    parts = {
        name: value(visitor.world, planted) if callable(value) else value
        for name, value in entry.more.items()
    }
    if entry.at:
        parts[entry.arg] = key_of(visitor, entry, planted)
    return reverse(entry.name, kwargs=parts)


def requests_of(
    visitor: Visitor, entry: Entry, actor: Actor, planted: Planted | None
) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, str] | None]]:
    """Method, body, headers of each request of an actor to an address."""
    is_probed = actor.key in _PROBED
    is_own = planted is None or planted.org in {"a1", "s"}
    if entry.get is not None or is_probed:
        yield "GET", None, None
    if entry.get is not None and is_probed and is_own:
        # htmx asks for a part of the page: the same rights.
        yield "GET", None, _HTMX
    if entry.post is not None or is_probed:
        yield "POST", {}, None
    if entry.post is not None and entry.data is not None:
        is_done = expected(entry, "POST", actor, planted) == OK
        if is_done or actor.key == "branch_secretary":
            yield "POST", entry.data(visitor.world, planted), None
    if is_probed and is_own and entry.style != "admin":
        # The admin's pages, like Django's, take it for a GET.
        yield "PUT", None, None


def judge(entry: Entry, method: str, outcome: str, answer: Answer) -> list[str]:
    """What is wrong with the status, the redirect or the writes of an answer."""
    allowed = statuses(entry, method, outcome)
    if outcome == LOGIN and answer.response.headers.get("HX-Redirect"):
        # htmx is told to load the login page as a whole.
        allowed = {200}
    faults = []
    if answer.status not in allowed:
        faults.append(f"{answer.status}, expected {outcome} {sorted(allowed)}")
    is_sent = outcome == LOGIN and answer.status in {200, 302}
    to_admin = entry.style == "admin" and answer.redirected == "/admin/"
    if is_sent and "/login/" not in answer.redirected and not to_admin:
        faults.append(f"led to {answer.redirected} instead of the login page")
    may_write = outcome == OK and method == "POST"
    written = set(answer.writes) - set(entry.writes if outcome == OK else ())
    if written and not may_write:
        faults.append(f"wrote {sorted(written)}")
    if answer.status == 403 and not answer.body:
        faults.append("an empty refusal")
    return faults


def report(faults: list[str], shown: int = 40) -> str:
    """The faults as lines; thousands of them say no more than the first."""
    rest = len(faults) - shown
    return "\n".join(["", *faults[:shown], *([f"and {rest} more"] if rest > 0 else [])])
