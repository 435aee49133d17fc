"""What was given to an account of mutual aid, each with its numbered receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices.mutual import DonorKind, GiftForm
from members.models import AidDrive, AidFund, Donation, Member
from members.rules import mutual as rules
from members.services.mutual import balance_of, follow_gift, locked_fund, tell
from organizations import fund_rules
from organizations.access import Right
from organizations.models import User, WorkUnit

# Set by the service.
_UNCHECKED = ("fund", "drive", "member", "unit", "entered_by")


@dataclass(frozen=True)
class DonationFacts:
    """Who gave what, when. Of goods `amount` is what they are worth."""

    donor_kind: str
    form: str
    amount: Decimal
    donated_on: date
    member_id: int | None = None
    unit_id: int | None = None
    donor_name: str = ""
    item: str = ""
    quantity: int | None = None
    measure: str = ""
    wish: str = ""


@transaction.atomic
def record_donation(
    *,
    fund_id: int,
    facts: DonationFacts,
    drive_id: int | None = None,
    actor: User,
    request_id: UUID | None = None,
) -> Donation:
    """Record a gift and give its receipt the next number of the account and year.

    The account stays locked until this is committed, so that numbers have no gaps. A
    repeated `request_id` returns the gift of the first time. Raises
    AidFund.DoesNotExist, AidDrive.DoesNotExist, Member.DoesNotExist, RuleError.
    """
    fund = locked_fund(fund_id, actor)
    if request_id is not None:
        earlier = fund.donations.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    gift = Donation(fund=fund, entered_by=actor, request_id=request_id)
    _apply_donor(gift, facts, actor)
    _apply_gift(gift, facts)
    if drive_id is not None:
        gift.drive = _open_drive(fund, drive_id, facts.donated_on)
    gift.year = facts.donated_on.year
    gift.serial = _next(fund, gift.year)
    gift.clean_fields(exclude=_UNCHECKED)
    gift.save(force_insert=True)
    tell(fund, "gift_recorded", actor, number=gift.number, amount=gift.amount)
    follow_gift(gift)
    return gift


@transaction.atomic
def withdraw_donation(*, donation_id: int, reason: str, actor: User) -> Donation:
    """Take a gift off the books; its receipt keeps its number and is void.

    By somebody who confirms and did not enter it: it takes money out as a payment
    does. A drive that was published is to be published again. Raises RuleError where
    the money is spent or something of the goods is given out.
    """
    seen = Donation.objects.visible_to(actor).get(pk=donation_id)
    fund = locked_fund(seen.fund_id, actor, Right.CONFIRM_AID)
    gift = fund.donations.select_related("drive", "entered_by").get(pk=donation_id)
    gift.fund = fund
    if gift.withdrawn_at is not None:
        raise RuleError("这笔捐赠已经撤回。", code="withdrawn")
    rules.check_withdrawer(gift.entered_by, actor)
    _check_unspent(gift)
    gift.withdrawn_reason = rules.check_reason(reason)
    gift.withdrawn_by, gift.withdrawn_at = actor, timezone.now()
    gift.save()
    if gift.drive is not None and gift.drive.published_on is not None:
        gift.drive.published_on = None
        gift.drive.version += 1
        gift.drive.save()
    tell(
        fund,
        "gift_withdrawn",
        actor,
        number=gift.number,
        amount=gift.amount,
        reason=gift.withdrawn_reason,
    )
    follow_gift(gift)
    return gift


def _next(fund: AidFund, year: int) -> int:
    """The number after the last one of the year; the account is held."""
    last = fund.donations.filter(year=year).aggregate(n=Max("serial"))["n"]
    return (last or 0) + 1


def _open_drive(fund: AidFund, drive_id: int, day: date) -> AidDrive:
    drive = fund.drives.get(pk=drive_id)
    if drive.published_on is not None:
        raise RuleError(
            "这次活动已经公示，不能再登记捐赠；请登记为平时的捐赠。", code="drive"
        )
    rules.check_within_drive(day, drive.starts_on, drive.ends_on)
    return drive


def _apply_donor(gift: Donation, facts: DonationFacts, actor: User) -> None:
    """Only what belongs to the kind is kept; of whoever stays anonymous nothing."""
    names: dict[str, Any] = {
        "member": facts.member_id,
        "unit": facts.unit_id,
        "donor_name": facts.donor_name.strip(),
    }
    rules.check_donor(facts.donor_kind, names)
    gift.donor_kind = facts.donor_kind
    if facts.donor_kind == DonorKind.MEMBER:
        known = Member.objects.visible_to(actor)
        gift.member = known.get(pk=names["member"])
    elif facts.donor_kind == DonorKind.UNIT:
        gift.unit = WorkUnit.objects.get(pk=names["unit"])
    elif facts.donor_kind != DonorKind.ANONYMOUS:
        gift.donor_name = facts.donor_name.strip()


def _apply_gift(gift: Donation, facts: DonationFacts) -> None:
    if facts.form not in GiftForm:
        raise RuleError("请选择捐的是钱款还是物品。", code="form")
    fund_rules.check_amount(facts.amount)
    rules.check_day(
        facts.donated_on,
        "捐赠日期",
        "donated_on",
        first=gift.fund.opened_on,
        today=timezone.localdate(),
    )
    item, measure = facts.item.strip(), facts.measure.strip()
    rules.check_goods(facts.form, item, facts.quantity, measure)
    gift.form, gift.amount = facts.form, facts.amount
    gift.donated_on, gift.wish = facts.donated_on, facts.wish.strip()
    if facts.form == GiftForm.GOODS:
        gift.item, gift.quantity, gift.measure = item, facts.quantity, measure


def _check_unspent(gift: Donation) -> None:
    if gift.form == GiftForm.GOODS:
        if gift.given_out.standing().exists():
            raise RuleError(
                "这批物品已有发放或待确认的发放，请先撤回发放，再撤回捐赠。",
                code="spent",
            )
        return
    rules.check_covered(gift.amount, balance_of(gift.fund), f"“{gift.fund}”")
    if gift.drive is not None:
        of_drive: Any = gift.fund.drives.with_money().get(pk=gift.drive.pk)
        rules.check_covered(gift.amount, of_drive.left, f"“{gift.drive}”")
