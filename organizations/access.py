"""Who may do what, and where: rights follow from posts, and only from posts.

A role gives rights (`ROLE_RIGHTS`); a post gives the place. Both are asked of the
database on every request, so that a right taken away is gone at once.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from config.lib.paths import is_within, merge_roots
from organizations.choices import Role

if TYPE_CHECKING:
    from organizations.models import Organization, Post


class Right(StrEnum):
    VIEW_ORGANIZATIONS = "view_organizations"
    MANAGE_ORGANIZATIONS = "manage_organizations"
    MANAGE_USERS = "manage_users"
    MANAGE_PARAMETERS = "manage_parameters"
    VIEW_AUDIT = "view_audit"
    KEEP_TEAMS = "keep_teams"
    VIEW_MEMBERS = "view_members"
    EDIT_MEMBERS = "edit_members"
    IMPORT_MEMBERS = "import_members"
    REVEAL_ID = "reveal_id"
    REVEAL_CONTACT = "reveal_contact"
    SETTLE_CLAIMS = "settle_claims"
    ISSUE_LETTERS = "issue_letters"
    APPROVE_STANDING = "approve_standing"
    RECORD_ACTIVITIES = "record_activities"
    MANAGE_PROGRAMS = "manage_programs"
    MANAGE_PLANS = "manage_plans"
    VISIT_HOUSEHOLDS = "visit_households"
    KEEP_HOUSEHOLDS = "keep_households"
    KEEP_CARDS = "keep_cards"
    WORD_FEEDBACK = "word_feedback"
    CHECK_FEEDBACK = "check_feedback"
    ISSUE_FEEDBACK = "issue_feedback"
    KEEP_AGREEMENTS = "keep_agreements"
    KEEP_AUTHORITIES = "keep_authorities"
    VIEW_FUNDS = "view_funds"
    KEEP_FUNDS = "keep_funds"
    CONFIRM_FUNDS = "confirm_funds"
    KEEP_COVERAGE = "keep_coverage"
    KEEP_MATTERS = "keep_matters"
    ADMIT_MATTERS = "admit_matters"
    VIEW_REPORTS = "view_reports"
    EXPORT = "export"
    CLOSE_MONTH = "close_month"
    VIEW_OWN_PACKETS = "view_own_packets"
    VIEW_HARDSHIP = "view_hardship"
    FILE_HARDSHIP = "file_hardship"
    RECOGNIZE_HARDSHIP = "recognize_hardship"
    VIEW_REVIEWS = "view_reviews"
    WRITE_REVIEWS = "write_reviews"
    APPROVE_REVIEWS = "approve_reviews"
    KEEP_ROOMS = "keep_rooms"
    BOOK_ROOMS = "book_rooms"
    KEEP_AID = "keep_aid"
    CONFIRM_AID = "confirm_aid"


_SECRETARY = frozenset(
    {
        Right.VIEW_ORGANIZATIONS,
        Right.VIEW_MEMBERS,
        Right.EDIT_MEMBERS,
        Right.IMPORT_MEMBERS,
        Right.KEEP_TEAMS,
        Right.REVEAL_CONTACT,
        Right.RECORD_ACTIVITIES,
        Right.VISIT_HOUSEHOLDS,
        Right.KEEP_CARDS,
        Right.WORD_FEEDBACK,
        Right.VIEW_REPORTS,
        Right.EXPORT,
        Right.BOOK_ROOMS,
    }
)

# Who is in difficulty is known to those who care for him: not to staff as such.
_CARES = frozenset({Right.VIEW_HARDSHIP, Right.FILE_HARDSHIP})

# What a branch found of its members: written there, approved by those above it.
_APPROVES = frozenset({Right.VIEW_REVIEWS, Right.APPROVE_REVIEWS})

# Money is entered by one person and confirmed by another, who may sit in the street.
_FUNDS = frozenset({Right.VIEW_FUNDS, Right.KEEP_FUNDS, Right.CONFIRM_FUNDS})

# The same of mutual aid. Whom it helps is told to those who see hardship alone.
_AID = frozenset({Right.KEEP_AID, Right.CONFIRM_AID})

ROLE_RIGHTS: dict[str, frozenset[Right]] = {
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        {
            Right.VIEW_ORGANIZATIONS,
            Right.MANAGE_ORGANIZATIONS,
            Right.MANAGE_USERS,
            Right.MANAGE_PARAMETERS,
        }
    ),
    Role.COMMITTEE_STAFF: _SECRETARY
    | _APPROVES
    | _FUNDS
    | _AID
    | {
        Right.MANAGE_ORGANIZATIONS,
        Right.MANAGE_PARAMETERS,
        Right.REVEAL_ID,
        Right.SETTLE_CLAIMS,
        Right.ISSUE_LETTERS,
        Right.APPROVE_STANDING,
        Right.MANAGE_PROGRAMS,
        Right.MANAGE_PLANS,
        Right.KEEP_HOUSEHOLDS,
        Right.CHECK_FEEDBACK,
        Right.ISSUE_FEEDBACK,
        Right.KEEP_AGREEMENTS,
        Right.KEEP_AUTHORITIES,
        Right.KEEP_ROOMS,
        Right.KEEP_COVERAGE,
        Right.KEEP_MATTERS,
        Right.ADMIT_MATTERS,
        Right.CLOSE_MONTH,
    },
    Role.COMMUNITY_SECRETARY: _SECRETARY
    | _CARES
    | _APPROVES
    | _FUNDS
    | _AID
    | {
        Right.REVEAL_ID,
        Right.MANAGE_PLANS,
        Right.KEEP_HOUSEHOLDS,
        Right.CHECK_FEEDBACK,
        Right.KEEP_AGREEMENTS,
        Right.KEEP_ROOMS,
        Right.KEEP_COVERAGE,
        Right.KEEP_MATTERS,
    },
    Role.BRANCH_SECRETARY: _SECRETARY
    | _CARES
    | {Right.VIEW_REVIEWS, Right.WRITE_REVIEWS},
    Role.AUDITOR: frozenset({Right.VIEW_AUDIT}),
    Role.UNIT_CONTACT: frozenset({Right.VIEW_OWN_PACKETS}),
    Role.HARDSHIP_OFFICER: _AID
    | {
        Right.VIEW_ORGANIZATIONS,
        Right.VIEW_MEMBERS,
        Right.VIEW_HARDSHIP,
        Right.RECOGNIZE_HARDSHIP,
    },
}

MEMBER_ROLES = tuple(
    r for r, rights in ROLE_RIGHTS.items() if Right.VIEW_MEMBERS in rights
)


class RightsMixin:
    """The questions about rights that views, services and querysets ask of a user."""

    @cached_property
    def current_posts(self) -> list[Post]:
        """Posts in force today, one small query kept on the request's user."""
        if not self.is_active:
            return []
        return list(
            self.posts.in_force(timezone.localdate())
            .select_related("organization")
            # Not by the user, as posts are otherwise: that joins and orders accounts.
            .order_by("-starts_on", "pk")
        )

    def rights_paths(self, right: str) -> list[str]:
        """Roots of the subtrees where this user holds `right`, nested ones merged."""
        return merge_roots(
            post.organization.path
            for post in self.current_posts
            if post.organization and right in ROLE_RIGHTS[post.role]
        )

    @cached_property
    def structure_paths(self) -> list[str]:
        return self.rights_paths(Right.VIEW_ORGANIZATIONS)

    @cached_property
    def member_paths(self) -> list[str]:
        return self.rights_paths(Right.VIEW_MEMBERS)

    @cached_property
    def contact_unit_ids(self) -> list[int]:
        """Work units whose contact person this user is."""
        return [
            p.work_unit_id for p in self.current_posts if p.role == Role.UNIT_CONTACT
        ]

    def has_right(self, right: str) -> bool:
        """Whether any current post gives `right`, wherever that is."""
        return any(right in ROLE_RIGHTS[post.role] for post in self.current_posts)

    def has_right_at(self, right: str, organization: Organization) -> bool:
        return any(
            is_within(organization.path, root) for root in self.rights_paths(right)
        )

    @property
    def is_staff_user(self) -> bool:
        """Whether the browser admin opens: administrators and committee staff."""
        return any(
            post.role in {Role.SYSTEM_ADMINISTRATOR, Role.COMMITTEE_STAFF}
            for post in self.current_posts
        )


def require(actor, right: Right, organization: Organization) -> None:
    """Raise PermissionDenied unless a current post of `actor` gives `right` there."""
    if not actor.has_right_at(right, organization):
        raise PermissionDenied("您的岗位没有办理这项工作的权限，请联系街道工作人员。")


def require_right(actor, right: Right) -> None:
    """Raise PermissionDenied unless `actor` holds `right` somewhere."""
    if not actor.has_right(right):
        raise PermissionDenied("您的岗位没有这项权限，请联系街道工作人员。")
