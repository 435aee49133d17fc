"""Accounts of mutual aid and their drives.

Whatever changes what an account holds, or numbers a receipt of it, holds the account's
row first (`locked_fund`), and reads only then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.money import yuan
from config.lib.paths import STEP
from config.lib.versions import save_versioned
from members.models import AidDrive, AidFund, AidPayment, Donation
from members.rules import mutual as rules
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class FundFacts:
    name: str
    opened_on: date
    steering: str = ""
    note: str = ""


@dataclass(frozen=True)
class DriveFacts:
    """Of a drive; there is no sum to be reached and none to be given."""

    name: str
    purpose: str
    starts_on: date
    ends_on: date


@transaction.atomic
def open_fund(
    *,
    organization_id: int,
    facts: FundFacts,
    actor: User,
    request_id: UUID | None = None,
) -> AidFund:
    """Open an account. A repeated `request_id` returns that of the first time.

    Raises Organization.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    places = Organization.objects.with_right(actor, Right.KEEP_AID).open()
    # Held, so that two accounts of one name are not opened side by side.
    place = places.select_for_update(of=("self",), no_key=True).get(pk=organization_id)
    if (found := _earlier(AidFund.objects.visible_to(actor), request_id)) is not None:
        return found
    fund = AidFund(
        organization=place,
        street=Organization.objects.get(path=place.path[:STEP]),
        made_by=actor,
        request_id=request_id,
    )
    _apply_fund(fund, facts)
    fund.save(force_insert=True)
    tell(fund, "fund_opened", actor)
    return fund


@transaction.atomic
def amend_fund(
    *, fund_id: int, facts: FundFacts, version: int | None = None, actor: User
) -> AidFund:
    """Change what is said of an account. Raises StaleError, RuleError."""
    fund = locked_fund(fund_id, actor)
    days = (
        fund.donations.aggregate(day=Min("donated_on"))["day"],
        fund.payments.aggregate(day=Min("paid_on"))["day"],
        fund.drives.aggregate(day=Min("starts_on"))["day"],
    )
    rules.check_not_after_first(facts.opened_on, [day for day in days if day])
    _apply_fund(fund, facts)
    save_versioned(fund, version=version)
    tell(fund, "fund_amended", actor)
    return fund


@transaction.atomic
def close_fund(*, fund_id: int, reason: str, actor: User) -> AidFund:
    """Close an account that holds nothing any more.

    Raises RuleError where money or goods are left, a payment waits, or what was given
    to a drive was not made public: nothing can be written down afterwards.
    """
    fund = locked_fund(fund_id, actor)
    stock: Any = fund.donations.in_stock()
    pieces = sum(lot.left for lot in stock)
    waiting = fund.payments.waiting().count()
    rules.check_closing(balance_of(fund), pieces, waiting)
    unpublished = fund.drives.received().filter(published_on__isnull=True)
    rules.check_all_published(list(unpublished.values_list("name", flat=True)))
    fund.closed_reason = rules.check_reason(reason)
    fund.closed_on = timezone.localdate()
    save_versioned(fund, version=None)
    tell(fund, "fund_closed", actor, reason=fund.closed_reason)
    return fund


@transaction.atomic
def add_drive(
    *, fund_id: int, facts: DriveFacts, actor: User, request_id: UUID | None = None
) -> AidDrive:
    """Announce a drive. A repeated `request_id` returns that of the first time."""
    fund = locked_fund(fund_id, actor)
    if (found := _earlier(fund.drives.all(), request_id)) is not None:
        return found
    drive = AidDrive(fund=fund, made_by=actor, request_id=request_id)
    _apply_drive(drive, facts)
    drive.save(force_insert=True)
    tell(fund, "drive_added", actor, drive=drive.name)
    return drive


@transaction.atomic
def amend_drive(
    *, drive_id: int, facts: DriveFacts, version: int | None = None, actor: User
) -> AidDrive:
    """Change a drive that is not published yet. Raises StaleError, RuleError."""
    drive = locked_drive(drive_id, actor)
    if drive.published_on is not None:
        raise RuleError("这次活动已经公示，不能再改。", code="published")
    span = drive.donations.standing().aggregate(
        first=Min("donated_on"), last=Max("donated_on")
    )
    days = span if span["first"] else {}
    rules.check_window(days, facts.starts_on, facts.ends_on)
    _apply_drive(drive, facts)
    save_versioned(drive, version=version)
    tell(drive.fund, "drive_amended", actor, drive=drive.name)
    return drive


@transaction.atomic
def publish_drive(
    *,
    drive_id: int,
    published_on: date,
    published_where: str,
    version: int | None = None,
    actor: User,
) -> AidDrive:
    """Record that the sums of a drive that is over were made public.

    From here on nothing more is given to it.
    """
    drive = locked_drive(drive_id, actor)
    today = timezone.localdate()
    if drive.published_on is not None:
        raise RuleError("这次活动已经公示。", code="published")
    if not drive.ends_on < today:
        raise RuleError(
            f"活动到{drive.ends_on}才结束，结束以后再公示；"
            "提前结束的，请先修改结束日期。",
            code="published_on",
        )
    if not drive.ends_on <= published_on <= today:
        raise RuleError(
            f"公示日期（{published_on}）应在活动结束（{drive.ends_on}）以后、今天以前。",
            code="published_on",
        )
    drive.published_on, drive.published_where = published_on, published_where.strip()
    drive.clean_fields(exclude=["fund", "made_by"])
    save_versioned(drive, version=version)
    tell(drive.fund, "drive_published", actor, drive=drive.name)
    return drive


# What the services of mutual aid share -----------------------------------------------


def locked_fund(fund_id: int, actor: User, right: Right = Right.KEEP_AID) -> AidFund:
    """The account, held to the end of the transaction, and open.

    Raises AidFund.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    rows = AidFund.objects.visible_to(actor).select_related("organization")
    fund = rows.select_for_update(of=("self",), no_key=True).get(pk=fund_id)
    require(actor, right, fund.organization)
    if fund.closed_on is not None:
        raise RuleError(
            f"“{fund}”已于{fund.closed_on}关闭，不能再登记。", code="closed"
        )
    return fund


def locked_drive(drive_id: int, actor: User) -> AidDrive:
    """The drive, its account held."""
    seen = AidDrive.objects.visible_to(actor).get(pk=drive_id)
    fund = locked_fund(seen.fund_id, actor)
    drive = fund.drives.get(pk=drive_id)
    drive.fund = fund
    return drive


def balance_of(fund: AidFund) -> Any:
    """Money of the account that is neither paid nor reserved."""
    row: Any = AidFund.objects.with_money().get(pk=fund.pk)
    return row.balance


def tell(fund: AidFund, what: str, actor: User, **details: Any) -> None:
    """Write the trail: account, step, amount, number; never who gave or was helped."""
    if (amount := details.pop("amount", None)) is not None:
        details["amount"] = yuan(amount)
    audit.record(
        actor=actor,
        action=AuditAction.MUTUAL_SAVED,
        target=fund,
        organization=fund.organization,
        details={"mutual_step": what, **_given(details)},
    )


def follow_gift(gift: Donation) -> None:
    """What was given counts where the account is kept."""
    _follow(gift.fund.organization_id, gift.donated_on)


def follow_payment(payment: AidPayment) -> None:
    """What was paid counts at the street alone, as hardship does."""
    _follow(payment.fund.street_id, payment.paid_on)


def _follow(organization_id: int, since: date) -> None:
    facts_changed.send(sender=AidFund, organization_ids={organization_id}, since=since)


def _given(details: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in details.items() if value}


def _earlier(rows: Any, request_id: UUID | None) -> Any:
    return None if request_id is None else rows.filter(request_id=request_id).first()


def _apply_fund(fund: AidFund, facts: FundFacts) -> None:
    rules.check_opened(facts.opened_on, timezone.localdate())
    fund.name, fund.opened_on = facts.name.strip(), facts.opened_on
    fund.steering, fund.note = facts.steering.strip(), facts.note.strip()
    fund.clean_fields(exclude=["organization", "street", "made_by"])
    same = AidFund.objects.filter(organization=fund.organization, name=fund.name)
    if same.exclude(pk=fund.pk).exists():
        raise RuleError(
            f"{fund.organization}已有“{fund.name}”，请换一个名称。", code="name"
        )


def _apply_drive(drive: AidDrive, facts: DriveFacts) -> None:
    rules.check_drive(facts.starts_on, facts.ends_on, drive.fund.opened_on)
    drive.name, drive.purpose = facts.name.strip(), facts.purpose.strip()
    drive.starts_on, drive.ends_on = facts.starts_on, facts.ends_on
    drive.clean_fields(exclude=["fund", "made_by"])
