"""The committee's list of talents."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members.models import Talent
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import User


@transaction.atomic
def save_talent(
    *,
    talent_id: int | None,
    name: str,
    sort_order: int,
    is_active: bool,
    actor: User,
) -> Talent:
    """Add a talent (`talent_id` None) or change one; out of use, never deleted."""
    if not actor.has_right(Right.MANAGE_PARAMETERS):
        raise PermissionDenied("您的岗位不能维护特长清单。")
    talent = Talent() if talent_id is None else _locked(talent_id)
    talent.name = name.strip()
    talent.sort_order = sort_order
    talent.is_active = is_active
    talent.full_clean()
    talent.save()
    audit.record(
        actor=actor,
        action=AuditAction.PARAMETER_CHANGED,
        target=talent,
        details={"name": talent.name, "is_active": is_active},
    )
    return talent


def _locked(talent_id: int) -> Talent:
    return Talent.objects.select_for_update().get(pk=talent_id)
