"""Who tries every door: the actors, where their posts lie, and what a post gives.

The tree and the rights are written out here once more, by hand and without the
portal's own code, so that a mistake in `organizations.access` cannot hide itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

# Key of each organization -> key of its parent. Two streets: s with its communities
# a and b and their branches; x, another street, with one branch.
PARENTS = {
    "s": "",
    "a": "s",
    "b": "s",
    "a1": "a",
    "a2": "a",
    "b1": "b",
    "x": "",
    "x1": "x",
}
BRANCHES = ("a1", "a2", "b1", "x1")

_SECRETARY = {
    "view_organizations",
    "view_members",
    "edit_members",
    "import_members",
    "keep_teams",
    "reveal_contact",
    "record_activities",
    "visit_households",
    "keep_cards",
    "word_feedback",
    "view_reports",
    "export",
    "book_rooms",
}
# Who is in difficulty is known to those who care for him, not to staff as such.
_CARES = {"view_hardship", "file_hardship"}
_FUNDS = {"view_funds", "keep_funds", "confirm_funds"}
_AID = {"keep_aid", "confirm_aid"}
_APPROVES = {"view_reviews", "approve_reviews"}
# Source: security.md, "Default access by field", and design.md, section 1.
RIGHTS: dict[str, set[str]] = {
    "system_administrator": {
        "view_organizations",
        "manage_organizations",
        "manage_users",
        "manage_parameters",
    },
    "committee_staff": _SECRETARY
    | _APPROVES
    | _FUNDS
    | _AID
    | {
        "manage_organizations",
        "manage_parameters",
        "reveal_id",
        "settle_claims",
        "issue_letters",
        "approve_standing",
        "manage_programs",
        "manage_plans",
        "keep_households",
        "issue_feedback",
        "check_feedback",
        "keep_agreements",
        "keep_authorities",
        "keep_rooms",
        "keep_coverage",
        "keep_matters",
        "admit_matters",
        "close_month",
    },
    "community_secretary": _SECRETARY
    | _CARES
    | _APPROVES
    | _FUNDS
    | _AID
    | {
        "reveal_id",
        "manage_plans",
        "keep_households",
        "check_feedback",
        "keep_agreements",
        "keep_rooms",
        "keep_coverage",
        "keep_matters",
    },
    "branch_secretary": _SECRETARY | _CARES | {"view_reviews", "write_reviews"},
    "auditor": {"view_audit"},
    "unit_contact": {"view_own_packets"},
    "hardship_officer": _AID
    | {
        "view_organizations",
        "view_members",
        "view_hardship",
        "recognize_hardship",
    },
}
ADMIN_ROLES = {"system_administrator", "committee_staff"}


def below(root: str) -> frozenset[str]:
    """Keys of the organization and of all under it."""
    return frozenset(key for key in PARENTS if root in line_of(key))


def line_of(key: str) -> list[str]:
    """The organization and all above it, itself first."""
    line = []
    while key:
        line.append(key)
        key = PARENTS[key]
    return line


@dataclass(frozen=True)
class Actor:
    """`posts` are (role, key of the organization or unit), those in force today."""

    key: str
    posts: tuple[tuple[str, str], ...] = ()
    # A post that is over and an account that is off: the world makes them so.
    ended: tuple[tuple[str, str], ...] = ()
    is_active: bool = True
    is_anonymous: bool = False
    units: frozenset[str] = field(default=frozenset())

    @cached_property
    def rights(self) -> frozenset[str]:
        return frozenset().union(*(RIGHTS[role] for role, _ in self.posts))

    def places(self, right: str) -> frozenset[str]:
        """Keys of the organizations where the actor holds `right`."""
        return frozenset().union(
            *(below(at) for role, at in self.posts if right in RIGHTS[role])
        )

    @property
    def opens_admin(self) -> bool:
        return any(role in ADMIN_ROLES for role, _ in self.posts)

    @property
    def is_out(self) -> bool:
        """Whether the portal meets a visitor: not logged in, or an account gone."""
        return self.is_anonymous or not self.is_active


ACTORS = {
    actor.key: actor
    for actor in (
        Actor("anonymous", is_anonymous=True),
        Actor("sysadmin", (("system_administrator", "s"),)),
        Actor("auditor", (("auditor", "s"),)),
        Actor("committee_staff", (("committee_staff", "s"),)),
        Actor("community_secretary", (("community_secretary", "a"),)),
        Actor("branch_secretary", (("branch_secretary", "a1"),)),
        Actor("secretary_b", (("branch_secretary", "b1"),)),
        Actor("unit_contact", (("unit_contact", "u1"),), units=frozenset({"u1"})),
        Actor("hardship_officer", (("hardship_officer", "s"),)),
        Actor("outsider"),
        Actor("expired", ended=(("branch_secretary", "a1"),)),
        Actor("deactivated", (("branch_secretary", "a1"),), is_active=False),
    )
}
# Owners of what lies in a2, x and x1; they visit nothing.
EXTRAS = {
    "secretary_a2": Actor("secretary_a2", (("branch_secretary", "a2"),)),
    "staff_x": Actor("staff_x", (("committee_staff", "x"),)),
    "secretary_x": Actor("secretary_x", (("branch_secretary", "x1"),)),
}
# Who uploads, requests and records in each branch.
OWNERS = {
    "a1": "branch_secretary",
    "a2": "secretary_a2",
    "b1": "secretary_b",
    "x1": "secretary_x",
}
