"""Aid that goes out: entered by one person, confirmed by another, or withdrawn.

Money and goods are reserved on entry, under the lock of the account: whatever comes at
the same time sees them gone. Whoever enters knows whom it helps, whoever confirms need
not: the amount and the voucher are what two people answer for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import is_within
from members.choices.mutual import RecipientKind
from members.models import AidFund, AidPayment, HardshipAid, HardshipCase, Member
from members.rules import hardship as case_rules
from members.rules import mutual as rules
from members.services import hardship
from members.services.aids import Gift, take_back, write_aid
from members.services.mutual import balance_of, follow_payment, locked_fund, tell
from organizations import fund_rules
from organizations.access import Right, require
from organizations.fund_choices import PaymentState
from organizations.models import User

_WORKS = (Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP)
# Set by the service, or of any length.
_UNCHECKED = (
    *("fund", "drive", "member", "case", "aid", "lot", "entered_by"),
    *("recipient", "words", "urgent_reason"),
)


@dataclass(frozen=True)
class PaymentFacts:
    """`lot_id` and `quantity` where goods are given out, which have no `amount`."""

    paid_on: date
    voucher: str
    amount: Decimal | None = None
    lot_id: int | None = None
    quantity: int | None = None
    drive_id: int | None = None
    kind: str = ""
    visitors: str = ""
    words: str = ""
    urgent_reason: str = ""


@transaction.atomic
def enter_payment(
    *,
    fund_id: int,
    recipient_kind: str,
    recipient: str,
    facts: PaymentFacts,
    actor: User,
    request_id: UUID | None = None,
) -> AidPayment:
    """Enter what goes to a household, or to another account.

    A repeated `request_id` returns the payment of the first time. Raises
    AidFund.DoesNotExist, PermissionDenied, RuleError.
    """
    fund = locked_fund(fund_id, actor)
    if recipient_kind == RecipientKind.HOUSEHOLD:
        require(actor, Right.VIEW_HARDSHIP, fund.organization)
    elif recipient_kind != RecipientKind.TRANSFER:
        raise RuleError(
            "发给党员的，请从这位党员的“困难帮扶”页登记。", code="recipient_kind"
        )
    if (earlier := _earlier(actor, request_id)) is not None:
        return earlier
    if not recipient.strip() or not facts.words.strip():
        code = "words" if recipient.strip() else "recipient"
        raise RuleError("请写明发给谁、为什么。", code=code)
    payment = AidPayment(
        recipient_kind=recipient_kind,
        recipient=recipient.strip(),
        request_id=request_id,
    )
    return _enter(fund, payment, facts, actor)


@transaction.atomic
def enter_member_payment(
    *,
    fund_id: int,
    member_id: int,
    facts: PaymentFacts,
    actor: User,
    request_id: UUID | None = None,
) -> AidPayment:
    """Enter aid to a member, joined to his open case where there is one.

    Raises AidFund.DoesNotExist, Member.DoesNotExist where the actor does not see
    hardship, PermissionDenied, RuleError by the rules of aid as well.
    """
    fund = locked_fund(fund_id, actor)
    member = Member.objects.cared_for_by(actor).get(pk=member_id)
    if (earlier := _earlier(actor, request_id)) is not None:
        return earlier
    _check_belongs(fund, member)
    payment = AidPayment(
        recipient_kind=RecipientKind.MEMBER, member=member, request_id=request_id
    )
    case = _locked_open_case(member)
    if case is not None:
        hardship.require(actor, case, *_WORKS)
        payment.case = case
        _check_case(case, facts)
    return _enter(fund, payment, facts, actor)


@transaction.atomic
def pay_recorded_aid(
    *, fund_id: int, aid_id: int, drive_id: int | None = None, actor: User
) -> AidPayment:
    """Enter aid that stands in a case already as a payment of the account.

    Day, amount and voucher are those of the aid. Raises HardshipAid.DoesNotExist,
    PermissionDenied, RuleError.
    """
    fund = locked_fund(fund_id, actor)
    rows: Any = HardshipAid.objects.visible_to(actor).select_related("case__member")
    aid = rows.counted().select_for_update(of=("self",), no_key=True).get(pk=aid_id)
    hardship.require(actor, aid.case, *_WORKS)
    _check_belongs(fund, aid.case.member)
    if aid.payments.standing().exists():
        raise RuleError("这笔帮扶已经从互助金支出，不能再记一次。", code="fund")
    if not aid.voucher_number:
        raise RuleError(
            "这笔帮扶没有凭证号，不能从互助金支出；"
            "请撤回这条记录，再从“从互助金支出”登记。",
            code="fund",
        )
    payment = AidPayment(
        recipient_kind=RecipientKind.MEMBER,
        member=aid.case.member,
        case=aid.case,
        aid=aid,
    )
    facts = PaymentFacts(
        paid_on=aid.given_on,
        voucher=aid.voucher_number,
        amount=aid.amount,
        drive_id=drive_id,
        kind=aid.kind,
    )
    return _enter(fund, payment, facts, actor)


@transaction.atomic
def confirm_payment(*, payment_id: int, actor: User) -> AidPayment:
    """Let an entered payment count as paid; never by whoever entered it.

    A member's is written into his case, where it does not stand there already. Raises
    AidPayment.DoesNotExist, PermissionDenied, RuleError.
    """
    payment = _locked_payment(payment_id, actor, Right.CONFIRM_AID)
    if payment.state != PaymentState.WAITING:
        raise RuleError(
            f"这笔支出{payment.get_state_display()}，不用再确认。", code="state"
        )
    fund_rules.check_second_person(payment.entered_by, actor)
    if payment.case is not None and payment.aid is None:
        _write_into_case(payment, actor)
    payment.state = PaymentState.PAID
    payment.confirmed_by, payment.confirmed_at = actor, timezone.now()
    payment.save()
    _tell(payment, "aid_confirmed", actor)
    follow_payment(payment)
    return payment


@transaction.atomic
def withdraw_payment(*, payment_id: int, reason: str, actor: User) -> AidPayment:
    """Take a payment back; it stays with its reason, money and goods are free again.

    A waiting one by whoever keeps the account; a paid one by somebody who confirms
    and did not enter it. Aid that the payment wrote into a case goes with it.
    """
    payment = _locked_payment(payment_id, actor, Right.KEEP_AID)
    if payment.state == PaymentState.WITHDRAWN:
        raise RuleError("这笔支出已经撤回。", code="state")
    if payment.state == PaymentState.PAID:
        require(actor, Right.CONFIRM_AID, payment.fund.organization)
        fund_rules.check_second_person(payment.entered_by, actor)
    payment.withdrawn_reason = rules.check_reason(reason)
    if payment.wrote_aid and payment.aid is not None:
        aid = HardshipAid.objects.select_for_update(no_key=True).get(pk=payment.aid.pk)
        take_back(aid, payment.withdrawn_reason, actor)
    payment.state = PaymentState.WITHDRAWN
    payment.withdrawn_by, payment.withdrawn_at = actor, timezone.now()
    payment.save()
    _tell(payment, "aid_withdrawn", actor, reason=payment.withdrawn_reason)
    follow_payment(payment)
    return payment


# What they share ---------------------------------------------------------------------


def _enter(
    fund: AidFund, payment: AidPayment, facts: PaymentFacts, actor: User
) -> AidPayment:
    """Check what the account has, and write; the account is held."""
    payment.fund, payment.entered_by = fund, actor
    rules.check_day(
        facts.paid_on,
        "支出日期",
        "paid_on",
        first=fund.opened_on,
        today=timezone.localdate(),
    )
    payment.paid_on, payment.voucher = facts.paid_on, facts.voucher.strip()
    if not payment.voucher:
        raise RuleError("请填写凭证号。", code="voucher")
    _check_voucher(fund, payment)
    if facts.drive_id is not None:
        payment.drive = fund.drives.filter(pk=facts.drive_id).first()
        if payment.drive is None:
            raise RuleError(f"这次活动不是“{fund}”的，请重新选择。", code="drive")
    if facts.lot_id is not None:
        _take_goods(fund, payment, facts)
    else:
        _take_money(fund, payment, facts)
    payment.kind, payment.visitors = facts.kind.strip(), facts.visitors.strip()
    payment.words = facts.words.strip()
    payment.urgent_reason = facts.urgent_reason.strip()
    payment.clean_fields(exclude=_UNCHECKED)
    payment.save(force_insert=True)
    _tell(payment, "aid_entered", actor)
    return payment


def _take_money(fund: AidFund, payment: AidPayment, facts: PaymentFacts) -> None:
    if facts.quantity is not None:
        raise RuleError(
            "填了发放数量，请选择发放的是哪批物品；发钱的请清空数量。", code="lot"
        )
    if facts.amount is None:
        raise RuleError("请填写金额；发放物品的请选择物品。", code="amount")
    fund_rules.check_amount(facts.amount)
    rules.check_covered(facts.amount, balance_of(fund), f"“{fund}”")
    if payment.drive is not None:
        of_drive: Any = fund.drives.with_money().get(pk=payment.drive.pk)
        rules.check_covered(facts.amount, of_drive.left, f"“{payment.drive}”")
    payment.amount = facts.amount


def _take_goods(fund: AidFund, payment: AidPayment, facts: PaymentFacts) -> None:
    """So many pieces of a gift in stock, at their share of what it is worth."""
    lots: Any = fund.donations.standing().goods().with_left()
    lot = lots.filter(pk=facts.lot_id).first()
    if lot is None:
        raise RuleError(
            f"“{fund}”里没有这批物品，或者捐赠已经撤回；请重新选择。", code="lot"
        )
    if facts.amount is not None:
        raise RuleError("发放物品的不用填金额，按捐赠时的折价计算。", code="amount")
    if payment.drive is not None and payment.drive_id != lot.drive_id:
        raise RuleError("这批物品不是这次活动捐的，请核对。", code="drive")
    pieces = rules.check_pieces(facts.quantity, lot.left, lot.item, lot.measure)
    payment.amount = rules.value_of(pieces, lot.left, lot.value_left)
    rules.check_worth(payment.amount)
    payment.lot, payment.quantity, payment.drive_id = lot, pieces, lot.drive_id


def _check_voucher(fund: AidFund, payment: AidPayment) -> None:
    """One voucher is entered once; a member's is looked for among the aids as well."""
    twin = fund.payments.standing().filter(voucher=payment.voucher).exists()
    if not twin and payment.case is not None and payment.aid is None:
        twin = (
            HardshipAid.objects.counted()
            .filter(street=fund.street_id, voucher_number=payment.voucher)
            .exists()
        )
    if twin:
        raise RuleError(
            f"凭证号“{payment.voucher}”已经登记过；同一张凭证发给几个人的，"
            "请在凭证号后面加序号区分，如“记12-1”。",
            code="voucher",
        )


def _check_belongs(fund: AidFund, member: Member) -> None:
    branch = hardship.roll_of(member.pk)
    if branch is None or not is_within(branch.path, fund.organization.path):
        raise RuleError(
            f"“{fund}”只帮助{fund.organization}的党员，这位党员不在册；请换一个账户。",
            code="fund",
        )


def _locked_open_case(member: Member) -> HardshipCase | None:
    return (
        HardshipCase.objects.open()
        .filter(member=member)
        .select_related("member", "organization", "street")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )


def _check_case(case: HardshipCase, facts: PaymentFacts) -> None:
    if not facts.kind.strip():
        raise RuleError("请选择帮扶形式。", code="kind")
    case_rules.check_aid(
        case.state,
        given_on=facts.paid_on,
        recognized_on=case.recognized_on,
        applied_on=case.applied_on,
        urgent_reason=facts.urgent_reason,
        today=timezone.localdate(),
    )


def _write_into_case(payment: AidPayment, actor: User) -> None:
    """What was entered becomes aid of the case, as if typed there."""
    rows = HardshipCase.objects.select_related("member", "organization", "street")
    held: Any = rows.select_for_update(of=("self",), no_key=True)
    case = held.get(pk=payment.case_id)
    if case.state not in case_rules.OPEN_STATES:
        raise RuleError(
            "这笔支出登记以后，受助人的帮扶已经办结，不能确认；请登记的人核对后撤回。",
            code="state",
        )
    gift = Gift(
        kind=payment.kind,
        amount=payment.amount,
        given_on=payment.paid_on,
        voucher_number=payment.voucher,
        visitors=payment.visitors,
        words=payment.words,
        urgent_reason=payment.urgent_reason,
    )
    payment.aid = write_aid(case, gift, recorded_by=payment.entered_by, actor=actor)
    payment.wrote_aid = True


def _earlier(actor: User, request_id: UUID | None) -> AidPayment | None:
    """What the same form entered already, of whichever account it named then."""
    if request_id is None:
        return None
    own = AidPayment.objects.visible_to(actor).filter(entered_by=actor)
    return own.filter(request_id=request_id).first()


def _locked_payment(payment_id: int, actor: User, right: Right) -> AidPayment:
    seen = AidPayment.objects.visible_to(actor).get(pk=payment_id)
    fund = locked_fund(seen.fund_id, actor, right)
    rows = fund.payments.select_related("case", "aid", "entered_by")
    payment = rows.get(pk=payment_id)
    payment.fund = fund
    return payment


def _tell(payment: AidPayment, step: str, actor: User, reason: str = "") -> None:
    """The trail names voucher and amount; never who was helped."""
    tell(
        payment.fund,
        step,
        actor,
        amount=payment.amount,
        number=payment.voucher,
        reason=reason,
    )
