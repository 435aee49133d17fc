"""Writing down that a member was commended."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import Commendation, Member
from members.parameters.commendations import TITLES
from members.rules.commendations import check_commendation
from members.services.contacts import branch_in_touch
from organizations import audit, parameters
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed


@transaction.atomic
def commend(
    *,
    member_id: int,
    title: str,
    level: str,
    deed: str,
    awarded_on: date,
    approver: str,
    document_number: str = "",
    actor: User,
) -> Commendation:
    """Write a commendation down; the same one sent again is the one that is there.

    Raises Member.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    member = (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    organization = branch_in_touch(member, actor)
    check_commendation(
        title=title,
        titles=parameters.get(TITLES),
        awarded_on=awarded_on,
        joined_on=member.joined_on,
        deed=deed,
        today=timezone.localdate(),
    )
    facts = {"title": title, "level": level, "awarded_on": awarded_on}
    same = member.commendations.filter(withdrawn_at=None, **facts).first()
    if same is not None:
        if same.recorded_by_id == actor.pk and same.deed == deed.strip():
            return same
        raise RuleError("这项表彰已经登记，不必再登。", code="title")
    row = Commendation(
        member=member,
        organization=organization,
        deed=deed.strip(),
        approver=approver.strip(),
        document_number=document_number.strip(),
        recorded_by=actor,
        **facts,
    )
    row.full_clean()
    row.save(force_insert=True)
    _tell(row, AuditAction.COMMENDED, actor)
    return row


@transaction.atomic
def withdraw_commendation(*, row_id: int, actor: User) -> Commendation:
    """Take back what was written down by mistake; it stays on record, uncounted."""
    row = (
        Commendation.objects.visible_to(actor)
        .select_related("organization", "member")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=row_id)
    )
    if not actor.has_right_at(Right.EDIT_MEMBERS, row.organization):
        raise PermissionDenied("您的岗位不能撤回这项表彰。")
    if row.withdrawn_at is not None:
        return row
    row.withdrawn_by, row.withdrawn_at = actor, timezone.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _tell(row, AuditAction.COMMENDATION_WITHDRAWN, actor)
    return row


def _tell(row: Commendation, action: AuditAction, actor: User) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=row,
        organization=row.organization,
        details={"title": row.title, "on": str(row.awarded_on)},
    )
    facts_changed.send(
        sender=Commendation,
        organization_ids={row.organization_id},
        since=row.awarded_on,
    )
