"""The record that somebody looked at a person's page or took a paper away."""

from collections.abc import Iterable

from members.models import Applicant, HardshipCase, Member, Transfer
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import User


def record_view(*, member: Member, page: str, actor: User) -> None:
    """Write that `actor` opened a page of a person in scope."""
    record_views(members=[member], page=page, actor=actor)


def record_views(*, members: Iterable[Member], page: str, actor: User) -> None:
    """The same of a page about several people."""
    audit.record_many(
        actor=actor,
        action=AuditAction.MEMBER_VIEWED,
        rows=[(member, None, {"page": page}) for member in members],
    )


def record_applicant_view(*, applicant: Applicant, actor: User) -> None:
    """Write that `actor` opened the file of an applicant in scope."""
    audit.record(
        actor=actor,
        action=AuditAction.MEMBER_VIEWED,
        target=applicant,
        organization=applicant.organization,
        details={"page": "applicant"},
    )


def record_downloads(
    *, transfers: Iterable[Transfer], sha256: str, actor: User
) -> None:
    """Write that `actor` took the letters of these transfers away in one file."""
    audit.record_many(
        actor=actor,
        action=AuditAction.DOWNLOADED,
        rows=[
            (each, each.place, {"number": each.number, "sha256": sha256})
            for each in transfers
        ],
    )


def record_cases(*, cases: Iterable[HardshipCase], page: str, actor: User) -> None:
    """Write that `actor` was shown cases of members in difficulty, each by itself.

    A list that is empty was looked at as well.
    """
    details = {"page": page}
    rows = [(case, None, details) for case in cases]
    if rows:
        audit.record_many(actor=actor, action=AuditAction.HARDSHIP_VIEWED, rows=rows)
    else:
        audit.record(actor=actor, action=AuditAction.HARDSHIP_VIEWED, details=details)
