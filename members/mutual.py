"""Whom mutual aid helped: who may be told, and how that is written down.

A page about money names nobody whom it helped, members and families alike, but to
those who see hardship where he belongs. Each such look is on record.
"""

from __future__ import annotations

from members.choices.mutual import RecipientKind
from members.models import AidPayment, HardshipCase, Member
from members.services.hardship import roll_of
from members.services.viewing import record_cases
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import User

HIDDEN = "保密"


def may_name(payment: AidPayment, user: User) -> bool:
    """Whether `user` may be told whom the payment helped."""
    if payment.recipient_kind == RecipientKind.TRANSFER:
        return True
    if payment.recipient_kind == RecipientKind.HOUSEHOLD:
        return user.has_right_at(Right.VIEW_HARDSHIP, payment.fund.organization)
    if payment.case_id is not None:
        cases = HardshipCase.objects.visible_to(user)
        return cases.filter(pk=payment.case_id).exists()
    people = Member.objects.cared_for_by(user)
    if people.filter(pk=payment.member_id).exists():
        return True
    # As of his cases: of one who has left, whoever recognizes is told.
    right, place = Right.RECOGNIZE_HARDSHIP, payment.fund.organization
    assert payment.member_id is not None
    return user.has_right_at(right, place) and roll_of(payment.member_id) is None


def name_of(payment: AidPayment) -> str:
    """Whom it helped, or where it went; for those who may be told."""
    return payment.member.name if payment.member else payment.recipient


def record_named(payment: AidPayment, actor: User) -> None:
    """Write that `actor` was told whom the payment helped."""
    if payment.recipient_kind == RecipientKind.TRANSFER:
        return
    if payment.case is not None:
        record_cases(cases=[payment.case], page="mutual-payment", actor=actor)
        return
    audit.record(
        actor=actor,
        action=AuditAction.HARDSHIP_VIEWED,
        target=payment,
        details={"page": "mutual-payment"},
    )
