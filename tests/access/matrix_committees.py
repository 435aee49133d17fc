"""Who may what of committees: seen with the members, kept by secretaries."""

from __future__ import annotations

from typing import Any

from tests.access.cast import PARENTS, Actor
from tests.access.policies import (
    ABSENT,
    FORBIDDEN,
    OK,
    Entry,
    Policy,
    right,
    scoped,
)
from tests.access.world import Planted, World

SEES, KEEPS = "view_members", "keep_teams"
kept = scoped(SEES, do=KEEPS)


def electing(policy: Policy) -> Policy:
    """A street's work committee is appointed: it has no page here."""

    def wrapped(actor: Actor, planted: Planted | None) -> str:
        if planted is not None and not PARENTS[planted.org]:
            return ABSENT
        return policy(actor, planted)

    return wrapped


def from_above(actor: Actor, planted: Planted | None) -> str:
    """Done for the higher organization: by whoever keeps its committee too."""
    if planted is None or not planted.places & actor.places(SEES):
        return ABSENT
    return OK if PARENTS[planted.org] in actor.places(KEEPS) else FORBIDDEN


def _officer(world: World, planted: Planted | None) -> dict[str, Any]:
    name = world.rows[f"member-{planted.org}"].name if planted else ""
    return {"name": name, "role": "deputy", "starts_on": "2026-09-01"}


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _election(world: World, planted: Planted | None) -> dict[str, Any]:
    """An election that no quorum made valid: refused in words, nothing written."""
    numbers = dict.fromkeys(("present", "issued", "returned", "valid"), "1")
    return {
        **numbers,
        "kind": "general",
        "forum": "meeting",
        "held_on": "2026-10-20",
        "seats": "1",
        "eligible": "9",
        "rows-TOTAL_FORMS": "0",
        "rows-INITIAL_FORMS": "0",
    }


led = electing(kept)
ENTRIES = [
    Entry("members:teams", right(SEES)),
    Entry("members:team", electing(scoped(SEES)), at="organization"),
    Entry("members:officer-add", led, led, at="organization", data=_officer),
    Entry("members:officer-end", kept, kept, at="officer", data=_form()),
    Entry("members:election-add", led, led, at="organization", data=_election),
    Entry("members:election", scoped(SEES), at="election"),
    Entry(
        "members:election-approve",
        from_above,
        from_above,
        at="election",
        data=_form(approved_on="2026-10-20"),
    ),
    Entry(
        "members:election-withdraw", kept, kept, at="election", data=_form(reason="")
    ),
    Entry(
        "members:term-change",
        electing(from_above),
        electing(from_above),
        at="organization",
        data=_form(kind="delay"),
    ),
]
