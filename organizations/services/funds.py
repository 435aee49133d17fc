"""An organization's money of a year: lines, what comes into them, closing the year.

Whatever changes a line's money holds the line's lock first, and reads the year only
then: a year that was closed meanwhile refuses. Lines of a year are made and closed
under the lock of the year.
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
from config.lib.money import yuan
from config.lib.versions import save_versioned
from organizations import audit
from organizations import fund_rules as rules
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.fund_choices import ENTERED_KINDS, FundSource, ReceiptKind
from organizations.models import (
    FundLine,
    FundPayment,
    FundReceipt,
    FundYear,
    Organization,
    User,
)
from organizations.signals import facts_changed


@dataclass(frozen=True)
class LineFacts:
    source: str
    name: str
    budget: Decimal
    note: str = ""


@dataclass(frozen=True)
class ReceiptFacts:
    """`amount` is given without a sign; `kind` says whether it came or went back."""

    kind: str
    amount: Decimal
    received_on: date
    document: str = ""
    note: str = ""


@transaction.atomic
def add_line(
    *,
    organization_id: int,
    year: int,
    facts: LineFacts,
    actor: User,
    request_id: UUID | None = None,
) -> FundLine:
    """Budget a line. A repeated `request_id` returns the line of the first time.

    Raises Organization.DoesNotExist out of scope, RuleError.
    """
    organization = _place(organization_id, actor)
    _check_not_closed(organization)
    rules.check_year(year, timezone.localdate())
    fund_year = _locked_year(organization, year)
    if request_id is not None:
        earlier = FundLine.objects.filter(fund_year=fund_year, request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    line = FundLine(fund_year=fund_year, made_by=actor, request_id=request_id)
    _apply(line, facts)
    line.save(force_insert=True)
    tell(line, "line_added", actor, amount=line.budget)
    _follow(fund_year)
    return line


@transaction.atomic
def amend_line(
    *,
    line_id: int,
    facts: LineFacts,
    reason: str,
    version: int | None = None,
    actor: User,
) -> FundLine:
    """Change what is budgeted, and say why.

    Raises FundLine.DoesNotExist, StaleError, RuleError.
    """
    line = locked_line(line_id, actor, Right.KEEP_FUNDS)
    before = line.budget
    if facts.source != line.source and line.receipts.exists():
        raise RuleError(
            "已经有拨付或结转记录，来源不能再改；来源填错的请另建一条，"
            "把拨付撤回后登记到那里。",
            code="source",
        )
    _apply(line, facts)
    save_versioned(line, version=version)
    changed = {"before": yuan(before), "after": yuan(line.budget)}
    tell(line, "line_amended", actor, reason=_reason(reason), **changed)
    _follow(line.fund_year)
    return line


@transaction.atomic
def record_receipt(
    *,
    line_id: int,
    facts: ReceiptFacts,
    actor: User,
    request_id: UUID | None = None,
) -> FundReceipt:
    """Enter what came into a line, or what was taken back from it.

    A repeated `request_id` returns the row of the first time. Raises
    FundLine.DoesNotExist, RuleError.
    """
    line = locked_line(line_id, actor, Right.KEEP_FUNDS)
    if request_id is not None:
        earlier = line.receipts.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    amount = _signed_amount(line, facts)
    receipt = FundReceipt(
        line=line,
        kind=facts.kind,
        amount=amount,
        received_on=facts.received_on,
        document=facts.document.strip(),
        note=facts.note.strip(),
        entered_by=actor,
        request_id=request_id,
    )
    receipt.clean_fields(exclude=["line", "entered_by"])
    receipt.save(force_insert=True)
    tell(line, receipt.kind, actor, amount=amount, reason=receipt.note)
    _follow(line.fund_year, receipt.received_on)
    return receipt


@transaction.atomic
def withdraw_receipt(*, receipt_id: int, reason: str, actor: User) -> FundReceipt:
    """Take back what was entered by mistake; it stays on record and counts no more.

    Raises FundReceipt.DoesNotExist, RuleError where the money is spent already.
    """
    seen = FundReceipt.objects.visible_to(actor).get(pk=receipt_id)
    line = locked_line(seen.line_id, actor, Right.KEEP_FUNDS)
    receipt = line.receipts.get(pk=receipt_id)
    if receipt.kind not in ENTERED_KINDS:
        raise RuleError("年结结转的记录不能撤回。", code="kind")
    if receipt.withdrawn_at is not None:
        raise RuleError("这条记录已经撤回。", code="withdrawn")
    if receipt.amount > 0:
        rules.check_covered(receipt.amount, free_of(line), f"“{line}”")
    receipt.withdrawn_at, receipt.withdrawn_by = timezone.now(), actor
    receipt.withdrawn_reason = _reason(reason)
    receipt.save()
    tell(
        line,
        "receipt_withdrawn",
        actor,
        amount=receipt.amount,
        reason=receipt.withdrawn_reason,
    )
    _follow(line.fund_year, receipt.received_on)
    return receipt


@transaction.atomic
def close_year(*, organization_id: int, year: int, actor: User) -> FundYear:
    """Close a year and open the next with what each line has left, exactly once.

    Projects under way go along with their line. A closed organization gets no next
    year unless something is left. Raises FundYear.DoesNotExist, RuleError.
    """
    organization = _place(organization_id, actor)
    years = FundYear.objects.select_for_update(no_key=True)
    fund_year = years.get(organization=organization, year=year)
    check_open(fund_year)
    lines = list(_locked_lines(fund_year))
    _check_closing(fund_year)
    if organization.is_open or any(map(_goes_on, lines)):
        following = _locked_year(organization, year + 1)
        for line in lines:
            _carry_over(line, following, actor)
    fund_year.closed_at, fund_year.closed_by = timezone.now(), actor
    fund_year.save()
    audit.record(
        actor=actor,
        action=AuditAction.FUND_SAVED,
        target=fund_year,
        organization=organization,
        details={"fund_step": "year_closed", "count": len(lines)},
    )
    _follow(fund_year)
    return fund_year


# What the services of funds share --------------------------------------------


def locked_line(line_id: int, actor: User, right: Right) -> FundLine:
    """The line, held to the end of the transaction; its year and place are open."""
    rows = FundLine.objects.visible_to(actor)
    line = rows.select_for_update(of=("self",), no_key=True).get(pk=line_id)
    # Read after the lock: both may have been closed while this waited.
    line.fund_year = FundYear.objects.select_related("organization").get(
        pk=line.fund_year_id
    )
    require(actor, right, line.fund_year.organization)
    check_open(line.fund_year)
    _check_not_closed(line.fund_year.organization)
    return line


def check_open(fund_year: FundYear) -> None:
    if fund_year.is_closed:
        raise RuleError(
            f"{fund_year.year}年的经费已经年结，不能再登记；"
            f"请登记到{fund_year.year + 1}年。",
            code="closed",
        )


def _check_not_closed(organization: Organization) -> None:
    if not organization.is_open:
        raise RuleError(
            f"{organization}已撤销，经费不能再登记；还没有年结的请办年结。",
            code="organization",
        )


def free_of(line: FundLine) -> Decimal:
    """What of a line is neither paid, reserved nor set aside for a project."""
    return _with_money(line).free


def _signed_amount(line: FundLine, facts: ReceiptFacts) -> Decimal:
    """What the line gets by it; less than nothing where money goes back."""
    if facts.kind not in ENTERED_KINDS:
        raise RuleError("这里只登记拨付到账和收回上缴，结转由年结办理。", code="kind")
    rules.check_amount(facts.amount)
    year, today = line.fund_year.year, timezone.localdate()
    rules.check_day(facts.received_on, year, today, "日期", "received_on")
    if facts.kind == ReceiptKind.ALLOTTED:
        return facts.amount
    rules.check_covered(facts.amount, free_of(line), f"“{line}”")
    return -facts.amount


def _with_money(line: FundLine) -> Any:
    return FundLine.objects.filter(pk=line.pk).with_money().get()


def tell(line: FundLine, what: str, actor: User, **details: Any) -> None:
    """Write the audit trail: who, what, how much, why."""
    if (amount := details.pop("amount", None)) is not None:
        details["amount"] = yuan(amount)
    audit.record(
        actor=actor,
        action=AuditAction.FUND_SAVED,
        target=line,
        organization=line.fund_year.organization,
        details={"fund_step": what, **{k: v for k, v in details.items() if v}},
    )


def follow_figures(line: FundLine, since: date) -> None:
    _follow(line.fund_year, since)


def _follow(fund_year: FundYear, since: date | None = None) -> None:
    facts_changed.send(
        sender=FundYear,
        organization_ids={fund_year.organization_id},
        since=since or date(fund_year.year, 1, 1),
    )


def _place(organization_id: int, actor: User) -> Organization:
    """The organization, held: no line is made while somebody closes it."""
    places = Organization.objects.with_right(actor, Right.VIEW_FUNDS)
    rows = places.select_for_update(of=("self",), no_key=True)
    organization = rows.get(pk=organization_id)
    require(actor, Right.KEEP_FUNDS, organization)
    return organization


def _locked_year(organization: Organization, year: int) -> FundYear:
    """The year, made where it is missing, held; refused where it is closed."""
    FundYear.objects.get_or_create(organization=organization, year=year)
    rows = FundYear.objects.select_for_update(no_key=True)
    fund_year = rows.get(organization=organization, year=year)
    check_open(fund_year)
    later = FundYear.objects.filter(
        organization=organization, year__gt=year, closed_at__isnull=False
    )
    if later.exists():
        raise RuleError(
            f"{year}年以后的年度已经年结，不能再编{year}年的。", code="year"
        )
    fund_year.organization = organization
    return fund_year


def _locked_lines(fund_year: FundYear) -> Any:
    rows = FundLine.objects.filter(fund_year=fund_year).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True)


def _check_closing(fund_year: FundYear) -> None:
    payments = FundPayment.objects.filter(line__fund_year=fund_year)
    earlier = FundYear.objects.open().filter(
        organization=fund_year.organization_id, year__lt=fund_year.year
    )
    rules.check_closing(
        fund_year.year,
        timezone.localdate(),
        waiting=payments.waiting().count(),
        earlier=earlier.order_by("year").values_list("year", flat=True).first(),
    )


def _goes_on(line: FundLine) -> bool:
    return _with_money(line).balance > 0 or line.projects.under_way().exists()


def _carry_over(line: FundLine, following: FundYear, actor: User) -> None:
    """Let what is left, and projects under way, stand in the next year's line."""
    if not _goes_on(line):
        return
    left = _with_money(line).balance
    target, _ = FundLine.objects.get_or_create(
        fund_year=following,
        source=line.source,
        name=line.name,
        defaults={
            "budget": rules.NOTHING,
            "note": f"{line.fund_year.year}年结转",
            "made_by": actor,
        },
    )
    line.projects.under_way().update(line=target)
    if left <= 0:
        return
    FundReceipt.objects.create(
        line=line,
        kind=ReceiptKind.CARRIED_OUT,
        amount=-left,
        received_on=date(line.fund_year.year, 12, 31),
        entered_by=actor,
    )
    FundReceipt.objects.create(
        line=target,
        kind=ReceiptKind.CARRIED_IN,
        amount=left,
        received_on=date(following.year, 1, 1),
        carried_from=line,
        entered_by=actor,
    )


def _apply(line: FundLine, facts: LineFacts) -> None:
    rules.check_amount(facts.budget, "预算", code="budget", least=rules.NOTHING)
    if facts.source not in FundSource:
        raise RuleError("请从所列的来源中选择。", code="source")
    line.source, line.name = facts.source, facts.name.strip()
    line.budget, line.note = facts.budget, facts.note.strip()
    line.clean_fields(exclude=["fund_year", "made_by"])
    same = FundLine.objects.filter(
        fund_year=line.fund_year, source=line.source, name=line.name
    )
    if same.exclude(pk=line.pk).exists():
        raise RuleError(
            f"{line.fund_year.year}年已有“{line}”；请打开那一条修改，或者换一个用途。",
            code="name",
        )


def _reason(words: str) -> str:
    if not words.strip():
        raise RuleError("请写明原因。", code="reason")
    return words.strip()
