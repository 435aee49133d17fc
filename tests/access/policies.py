"""Who may: each policy turns an actor and a planted object into an outcome.

The outcome says what the answer must be; `STATUSES` says by which status. An object
of another community and one that does not exist must be ABSENT alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.access.cast import Actor
from tests.access.world import Planted

OK = "ok"
FORBIDDEN = "forbidden"
ABSENT = "absent"
LOGIN = "login"  # sent to the login page
METHOD = "method"  # the view does not take this method

Policy = Callable[[Actor, Planted | None], str]


def public(actor: Actor, planted: Planted | None) -> str:
    """Open to visitors."""
    return OK


def linked(actor: Actor, planted: Planted | None) -> str:
    """Open to whoever has the link, and to nobody without one that works."""
    return OK if planted is not None else ABSENT


# Policies that a visitor meets too, before any login page.
_OPEN: set[Policy] = {public, linked}


def opened(policy: Policy) -> Policy:
    """Let visitors meet `policy` instead of the login page."""
    _OPEN.add(policy)
    return policy


def anybody(actor: Actor, planted: Planted | None) -> str:
    """Open to whoever is logged in."""
    return OK


def nobody(actor: Actor, planted: Planted | None) -> str:
    return FORBIDDEN


def right(name: str) -> Policy:
    """Open to whoever holds the right somewhere."""
    return lambda actor, planted: OK if name in actor.rights else FORBIDDEN


def scoped(see: str, do: str = "", gate: str = "") -> Policy:
    """The object lies where the actor holds `see`, and `do` for doing something.

    Without the right `gate` anywhere the page is refused whatever the object.
    """

    def policy(actor: Actor, planted: Planted | None) -> str:
        if gate and gate not in actor.rights:
            return FORBIDDEN
        if planted is None or not planted.places & actor.places(see):
            return ABSENT
        if do and not planted.places & actor.places(do):
            return FORBIDDEN
        return OK

    return policy


def known(do: str = "", gate: str = "") -> Policy:
    """An object everybody may name, where doing something asks a right."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        if gate and gate not in actor.rights:
            return FORBIDDEN
        if planted is None:
            return ABSENT
        return OK if not do or do in actor.rights else FORBIDDEN

    return policy


def own(gate: str = "") -> Policy:
    """The object is the actor's own."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        if gate and gate not in actor.rights:
            return FORBIDDEN
        is_own = planted is not None and planted.owner == actor.key
        return OK if is_own else ABSENT

    return policy


def of_unit(see: str = "", do: str = "", gate: str = "") -> Policy:
    """The object belongs to the actor's unit, or lies where the actor holds `see`."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        if gate and gate not in actor.rights:
            return FORBIDDEN
        if planted is None:
            return ABSENT
        if planted.unit in actor.units:
            return FORBIDDEN if do else OK
        if not see or not planted.places & actor.places(see):
            return ABSENT
        return OK

    return policy


def either(*policies: Policy) -> Policy:
    """The most open of several."""
    order = (OK, FORBIDDEN, ABSENT)

    def policy(actor: Actor, planted: Planted | None) -> str:
        outcomes = {one(actor, planted) for one in policies}
        return next(outcome for outcome in order if outcome in outcomes)

    return policy


def street_of(see: str) -> Policy:
    """A round of feedback: seen by whoever holds `see` anywhere in its street."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        streets = {"x" if key in {"x", "x1"} else "s" for key in actor.places(see)}
        is_seen = planted is not None and planted.org in streets
        return OK if is_seen else ABSENT

    return policy


def then(first: Policy, *, do: str) -> Policy:
    """Seen by `first`; doing something asks a right at the object."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        outcome = first(actor, planted)
        if outcome == OK and not planted.places & actor.places(do):
            return FORBIDDEN
        return outcome

    return policy


def then_right(first: Policy, do: str) -> Policy:
    """Seen by `first`; doing something asks a right, wherever it is held."""

    def policy(actor: Actor, planted: Planted | None) -> str:
        outcome = first(actor, planted)
        return FORBIDDEN if outcome == OK and do not in actor.rights else outcome

    return policy


def of_admin(policy: Policy) -> Policy:
    """The same within the browser admin, which leads everybody else to its login."""

    def wrapped(actor: Actor, planted: Planted | None) -> str:
        return policy(actor, planted) if actor.opens_admin else LOGIN

    return wrapped


@dataclass(frozen=True)
class Entry:
    """One URL name: how to call it, and who may."""

    name: str
    get: Policy | None = None
    post: Policy | None = None
    # Kind of the planted object whose key the address holds.
    at: str = ""
    arg: str = "pk"
    # Further parts of the address.
    more: dict = field(default_factory=dict)
    # Body of a plausible POST: (world, planted) -> data.
    data: Callable | None = None
    # Statuses that count as OK, where they differ from the usual ones.
    got: tuple[int, ...] = (200,)
    posted: tuple[int, ...] = (200, 302, 409, 422)
    style: str = "page"  # or "api", "admin"
    # The address itself, for a pattern that has no name.
    path: str = ""
    # Status for an object that is not there, where it is not the usual one.
    lost: int = 0
    # Tables a GET may write, with the reason in the entry's line.
    writes: tuple[str, ...] = ()

    def policy(self, method: str) -> Policy | None:
        return self.get if method in {"GET", "HEAD"} else self.post


def statuses(entry: Entry, method: str, outcome: str) -> set[int]:
    """What may be answered for an outcome."""
    if outcome == OK:
        return set(entry.got if method == "GET" else entry.posted)
    if outcome == FORBIDDEN:
        return {403}
    if outcome == ABSENT:
        # The admin says "does not exist" on its first page.
        return {entry.lost or (302 if entry.style == "admin" else 404)}
    if outcome == LOGIN:
        return {401, 403} if entry.style == "api" else {302}
    # The method may be refused before or after asking who it is.
    return {302, 401, 403, 404, 405}


def expected(entry: Entry, method: str, actor: Actor, planted: Planted | None) -> str:
    policy = entry.policy(method)
    if policy in _OPEN:
        return policy(actor, planted)
    if policy is None:
        return METHOD
    if actor.is_out:
        return LOGIN
    if entry.style == "admin":
        policy = of_admin(policy)
    return policy(actor, planted)
