"""Who may what with two-new units: communities their own, the street all of them."""

from typing import Any

from tests.access.cast import Actor
from tests.access.policies import FORBIDDEN, Entry, Policy, right, scoped, street_of
from tests.access.world import Planted, World

KEEPS, MANAGES = "keep_coverage", "manage_organizations"
kept = scoped(KEEPS, gate=KEEPS)


def _by_street(policy: Policy) -> Policy:
    """Lists are taken in and back by whoever manages the tree besides."""

    def asked(actor: Actor, planted: Planted | None) -> str:
        if not {KEEPS, MANAGES} <= actor.rights:
            return FORBIDDEN
        return policy(actor, planted)

    return asked


def _gated(policy: Policy) -> Policy:
    def asked(actor: Actor, planted: Planted | None) -> str:
        return policy(actor, planted) if KEEPS in actor.rights else FORBIDDEN

    return asked


def _form(**values: Any) -> Any:
    return lambda world, planted: values


def _foreign(world: World, planted: Planted | None) -> dict[str, Any]:
    """By an organization of the other street, which nobody else may choose."""
    return {
        "form": "joint",
        "starts_on": "2026-06-05",
        "organization": world.orgs["x1"].pk,
        "version": 1,
    }


_SHEET = _form(
    found_on="2026-06-05",
    state="operating",
    full_members=3,
    probationary=0,
    not_moved_in=0,
    version=1,
)
_VISIT = _form(visited_on="2026-06-05", visitors="某", outcome="agreed")
_UNIT, _LIST = "two-new", "registry"

ENTRIES = [
    Entry("members:coverage", right(KEEPS)),
    Entry("members:coverage-units", right(KEEPS)),
    Entry("members:coverage-unit", kept, at=_UNIT),
    Entry("members:coverage-sheet", kept, kept, at=_UNIT, data=_SHEET),
    Entry("members:coverage-decide", kept, kept, at=_UNIT, data=_foreign),
    Entry("members:coverage-visit", kept, kept, at=_UNIT, data=_VISIT),
    Entry(
        "members:coverage-visit-withdraw",
        kept,
        kept,
        at="door-visit",
        data=_form(reason="错"),
    ),
    Entry("members:coverage-follow", None, right(KEEPS), data=_form(units="0")),
    Entry("members:registry-lists", right(KEEPS)),
    Entry(
        "members:registry-add",
        _by_street(right(KEEPS)),
        _by_street(right(KEEPS)),
        data=_form(authority="某局", scope="both"),
    ),
    Entry(
        "members:registry-list",
        _gated(street_of(KEEPS)),
        _gated(street_of(KEEPS)),
        at=_LIST,
        data=_form(outcome="taken"),
    ),
    Entry(
        "members:registry-withdraw",
        _by_street(street_of(KEEPS)),
        _by_street(street_of(KEEPS)),
        at=_LIST,
    ),
]
