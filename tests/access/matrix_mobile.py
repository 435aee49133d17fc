"""Who may what with members who live or work away."""

from typing import Any

from tests.access.policies import Entry, right, scoped
from tests.access.world import Planted, World

SEES, EDITS = "view_members", "edit_members"
edited = scoped(SEES, do=EDITS)


def _went_away(world: World, planted: Planted | None) -> dict[str, Any]:
    return {
        "division": "330100",
        "reason": "work",
        "started_on": "2026-09-20",
        "home_name": "某支部",
    }


def _came_to_foreign(world: World, planted: Planted | None) -> dict[str, Any]:
    """For the branch of the other street."""
    return _went_away(world, planted) | {
        "organization": world.orgs["x1"].pk,
        "name": "某人",
        "ethnicity": "Han",
        "member_type": "full",
        "joined_on": "2005-07-01",
    }


ENTRIES = [
    # Members away: of the branch of the roll and of the one that took them in.
    Entry("members:mobile-list", right(SEES)),
    Entry("members:mobile-register", right(SEES)),
    Entry("members:mobile-choose", right(EDITS)),
    Entry("members:mobile-in", right(EDITS), right(EDITS), data=_came_to_foreign),
    Entry("members:mobile-out", edited, edited, at="affiliation", data=_went_away),
    Entry("members:mobile-member", scoped(SEES), at="member"),
    Entry(
        "members:mobile",
        scoped(SEES),
        edited,
        at="stay",
        data=lambda world, planted: {"way": "phone", "contacted_on": "2026-10-01"},
    ),
    Entry(
        "members:mobile-amend",
        edited,
        edited,
        at="stay",
        data=lambda world, planted: _went_away(world, planted) | {"version": 1},
    ),
    Entry(
        "members:mobile-step",
        edited,
        edited,
        at="newcomer",
        more={"step": "verify"},
        data=lambda world, planted: {
            "version": 1,
            "proof": "call",
            "verified_on": "2026-10-01",
        },
    ),
]
