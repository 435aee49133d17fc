"""Payments of funds: entered by one person, confirmed by another, or withdrawn.

Money is reserved on entry, under the lock of the line: whatever comes at the same
time sees it gone, so that nothing is ever overdrawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.money import yuan
from organizations import fund_rules as rules
from organizations.access import Right
from organizations.choices import FilePurpose
from organizations.fund_choices import PaymentState
from organizations.models import FundLine, FundPayment, StoredFile, User
from organizations.services.files import DOCUMENTS, store_upload
from organizations.services.funds import (
    follow_figures,
    free_of,
    locked_line,
    tell,
)

# Set by the service, or of any length.
_UNCHECKED = ("line", "project", "scan", "entered_by", "payee", "purpose")
SCAN_MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class PaymentFacts:
    paid_on: date
    amount: Decimal
    voucher: str
    payee: str
    purpose: str


@transaction.atomic
def enter_payment(
    *,
    line_id: int,
    project_id: int | None = None,
    facts: PaymentFacts,
    scan: Any = None,
    actor: User,
    request_id: UUID | None = None,
) -> FundPayment:
    """Enter a payment of a line, or of a project whose money lies there.

    A repeated `request_id` returns the payment of the first time. Raises
    FundLine.DoesNotExist, FundProject.DoesNotExist, RuleError.
    """
    line = locked_line(line_id, actor, Right.KEEP_FUNDS)
    if request_id is not None:
        earlier = line.payments.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    project: Any = None
    if project_id is not None:
        project = line.projects.with_money().get(pk=project_id)
    _check(line, project, facts)
    payment = FundPayment(
        line=line,
        project=project,
        paid_on=facts.paid_on,
        amount=facts.amount,
        voucher=facts.voucher.strip(),
        payee=facts.payee.strip(),
        purpose=facts.purpose.strip(),
        entered_by=actor,
        request_id=request_id,
    )
    payment.clean_fields(exclude=_UNCHECKED)
    if scan:
        payment.scan = _stored(scan, line, actor)
    payment.save(force_insert=True)
    _tell(payment, "payment_entered", actor)
    return payment


@transaction.atomic
def confirm_payment(*, payment_id: int, actor: User) -> FundPayment:
    """Let an entered payment count as paid; never by whoever entered it.

    Raises FundPayment.DoesNotExist, RuleError.
    """
    payment = _locked_payment(payment_id, actor, Right.CONFIRM_FUNDS)
    if payment.state != PaymentState.WAITING:
        raise RuleError(
            f"这笔付款{payment.get_state_display()}，不用再确认。", code="state"
        )
    rules.check_second_person(payment.entered_by, actor)
    payment.state = PaymentState.PAID
    payment.confirmed_by, payment.confirmed_at = actor, timezone.now()
    payment.save()
    _tell(payment, "payment_confirmed", actor)
    follow_figures(payment.line, payment.paid_on)
    return payment


@transaction.atomic
def withdraw_payment(*, payment_id: int, reason: str, actor: User) -> FundPayment:
    """Take a payment back; it stays on record with the reason, its money is free.

    A waiting one by whoever enters or confirms; a paid one, since money moves again,
    by somebody who confirms and did not enter it. Raises FundPayment.DoesNotExist,
    RuleError.
    """
    payment = _locked_payment(payment_id, actor, Right.VIEW_FUNDS)
    _require_withdrawal(payment, actor)
    if payment.state == PaymentState.WITHDRAWN:
        raise RuleError("这笔付款已经撤回。", code="state")
    if payment.state == PaymentState.PAID:
        rules.check_second_person(payment.entered_by, actor)
    _settle_with_project(payment)
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    payment.state = PaymentState.WITHDRAWN
    payment.withdrawn_by, payment.withdrawn_at = actor, timezone.now()
    payment.withdrawn_reason = reason.strip()
    payment.save()
    _tell(payment, "payment_withdrawn", actor, reason=payment.withdrawn_reason)
    follow_figures(payment.line, payment.paid_on)
    return payment


def _settle_with_project(payment: FundPayment) -> None:
    """A project that said all was paid goes back first; a stopped one keeps nothing."""
    project = payment.project
    if project is None:
        return
    if project.stopped_on is not None:
        project.returned += payment.amount
        project.save(update_fields=["returned"])
    elif project.stage not in rules.PAYABLE:
        raise RuleError(
            "项目已经登记付清，付款不能再撤回；确需更正的，"
            "请先把项目退回到“付清款项”以前。",
            code="state",
        )


def _require_withdrawal(payment: FundPayment, actor: User) -> None:
    place = payment.line.fund_year.organization
    rights = [Right.CONFIRM_FUNDS]
    if payment.state == PaymentState.WAITING:
        rights.append(Right.KEEP_FUNDS)
    if not any(actor.has_right_at(right, place) for right in rights):
        raise PermissionDenied("您的岗位没有撤回付款的权限，请联系街道工作人员。")


def _check(line: FundLine, project: Any, facts: PaymentFacts) -> None:
    """`project` is asked `with_money`, None for a payment of the line itself."""
    rules.check_amount(facts.amount)
    year, today = line.fund_year.year, timezone.localdate()
    rules.check_day(facts.paid_on, year, today, "付款日期", "paid_on")
    for words, label, code in (
        (facts.voucher, "凭证号", "voucher"),
        (facts.payee, "收款人", "payee"),
        (facts.purpose, "付款事由", "purpose"),
    ):
        if not words.strip():
            raise RuleError(f"请填写{label}。", code=code)
    twin = line.payments.standing().filter(
        voucher=facts.voucher.strip(), amount=facts.amount
    )
    if twin.exists():
        raise RuleError(
            f"凭证“{facts.voucher.strip()}”的 {yuan(facts.amount)} 元已经登记过；"
            "同一张凭证付给几个人的，请在凭证号后面加序号区分，如“记12-1”。",
            code="voucher",
        )
    if project is None:
        rules.check_covered(facts.amount, free_of(line), f"“{line}”")
        return
    if project.stopped_on is not None or project.stage not in rules.PAYABLE:
        raise RuleError(
            f"项目“{project}”{project.get_stage_display()}，不能登记付款；"
            "付款在拨付以后、登记“付清款项”以前。",
            code="stage",
        )
    rules.check_covered(facts.amount, project.left, f"项目“{project}”")


def _locked_payment(payment_id: int, actor: User, right: Right) -> FundPayment:
    seen = FundPayment.objects.visible_to(actor).get(pk=payment_id)
    line = locked_line(seen.line_id, actor, right)
    payment = line.payments.select_related("project", "entered_by").get(pk=payment_id)
    payment.line = line
    return payment


def _stored(scan: Any, line: FundLine, actor: User) -> StoredFile:
    return store_upload(
        upload=scan,
        purpose=FilePurpose.VOUCHER,
        organization=line.fund_year.organization,
        actor=actor,
        allowed_types=DOCUMENTS,
        max_bytes=SCAN_MAX_BYTES,
    )


def _tell(payment: FundPayment, step: str, actor: User, reason: str = "") -> None:
    """The trail names voucher and amount; never who was paid."""
    tell(
        payment.line,
        step,
        actor,
        amount=payment.amount,
        number=payment.voucher,
        reason=reason,
    )
