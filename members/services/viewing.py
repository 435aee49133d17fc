"""The record that somebody looked at a person's page."""

from members.models import Member
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import User


def record_view(*, member: Member, page: str, actor: User) -> None:
    """Write that `actor` opened a page of a person in scope."""
    audit.record(
        actor=actor,
        action=AuditAction.MEMBER_VIEWED,
        target=member,
        details={"page": page},
    )
