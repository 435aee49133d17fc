"""Where members live, when communities become one."""

from __future__ import annotations

from organizations import audit
from organizations.choices import AuditAction
from organizations.models import Community, User


def move_residents(*, source: Community, target: Community, actor: User) -> int:
    """Let the members who live in `source` live in `target`; return how many.

    The right to merge covers it. Saved one by one, since each has a history and a
    version that open forms must notice. In the caller's transaction.
    """
    residents = list(source.residents.select_for_update().order_by("pk"))
    for member in residents:
        member.community = target
        member.version += 1
        member.save(update_fields=["community", "version", "updated_at"])
    if residents:
        audit.record(
            actor=actor,
            action=AuditAction.MEMBER_UPDATED,
            target=target,
            organization=target.organization,
            details={"residents": len(residents), "from": source.name},
        )
    return len(residents)
