"""Writing down that dues were paid; the portal itself moves no money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import save_versioned
from members.models import DuesBase, DuesMonth, DuesStanding, Member
from members.rules import dues as rules
from members.services.affiliations import branch_for_change
from members.services.dues_rows import (
    RowsError,
    dues_in,
    lock_asked,
    open_standings,
    refresh,
    roll_for_change,
    tell,
    withdraw,
)
from organizations.choices import AuditAction
from organizations.models import User

BOOK = "开始在平台登记"
LETTER = "介绍信"
JOINED = "入党"


@dataclass(frozen=True)
class Marked:
    """How many were marked now, and how many had been before."""

    new: int
    known: int
    total: Decimal


@transaction.atomic
def mark_month(
    *,
    organization_id: int,
    month: date,
    payments: Mapping[int, Decimal | None],
    paid_on: date,
    actor: User,
) -> Marked:
    """Write down who of a branch has paid for a month, all of them or nobody.

    `payments` are sums by member id, None for what is due; whoever is not asked there
    is left out, and whoever was marked already stays as he was, so that a second
    submit doubles nothing. For the others the ledger begins with the month as well.
    Raises Organization.DoesNotExist, PermissionDenied, RuleError, RowsError.
    """
    branch = branch_for_change(organization_id, actor)
    today = timezone.localdate()
    rules.check_month(month, today)
    rules.check_paid_on(paid_on, today)
    asked = lock_asked(branch, month)
    counted = DuesMonth.objects.counted().filter(member__in=asked, month=month)
    known = set(counted.values_list("member_id", flat=True))
    chosen = [pk for pk in asked if pk in payments and pk not in known]
    dues = dues_in(chosen, month)
    rows, refused = [], {}
    for pk in chosen:
        due = dues.get(pk)
        try:
            paid = rules.check_paid(payments[pk], due)
        except RuleError as error:
            refused[pk] = error.text
            continue
        rows.append(
            DuesMonth(
                member_id=pk,
                organization=branch,
                month=month,
                due=due,
                paid=paid,
                paid_on=paid_on,
                recorded_by=actor,
            )
        )
    if refused:
        raise RowsError(refused)
    open_standings(asked, rules.step(month, -1), BOOK)
    DuesMonth.objects.bulk_create(rows)
    refresh(chosen)
    total = sum((row.paid for row in rows), Decimal(0))
    tell(
        AuditAction.DUES_MARKED,
        target=branch,
        organization=branch,
        members=asked,
        since=month,
        actor=actor,
        month=f"{month:%Y-%m}",
        count=len(rows),
    )
    return Marked(len(rows), len(known & payments.keys()), total)


@transaction.atomic
def pay_months(
    *,
    member_id: int,
    first: date,
    last: date,
    each: Decimal | None = None,
    paid_on: date,
    actor: User,
) -> int:
    """Write down months of one member, behind or ahead; return how many are new.

    `each` is what was paid for every month, None for what is due. Raises
    Affiliation.DoesNotExist, PermissionDenied, RuleError.
    """
    roll = roll_for_change(member_id, actor)
    today = timezone.localdate()
    rules.check_paid_on(paid_on, today)
    standing = DuesStanding.objects.filter(member=member_id).first()
    opened_to = standing.opened_to if standing else None
    rules.check_months(first, last, opened_to, today)
    if first < roll.member.joined_on.replace(day=1):
        raise RuleError(
            f"党费从入党的月份（{roll.member.joined_on:%Y-%m}）起交"
            f"（{rules.REGULATION}第八条）。",
            code="first",
        )
    wanted = rules.months_of(first, last)
    counted = DuesMonth.objects.counted().filter(member=member_id, month__in=wanted)
    known = set(counted.values_list("month", flat=True))
    bases = list(DuesBase.objects.counted().filter(member=member_id))
    rows = []
    for month in wanted:
        if month not in known:
            due = next((base.monthly for base in bases if base.holds(month)), None)
            rows.append(
                DuesMonth(
                    member_id=member_id,
                    organization=roll.organization,
                    month=month,
                    due=due,
                    paid=rules.check_paid(each, due),
                    paid_on=paid_on,
                    recorded_by=actor,
                )
            )
    open_standings([member_id], rules.step(first, -1), BOOK)
    DuesMonth.objects.bulk_create(rows)
    refresh([member_id])
    tell(
        AuditAction.DUES_MARKED,
        target=roll.member,
        organization=roll.organization,
        members=[member_id],
        since=first,
        actor=actor,
        month=f"{first:%Y-%m}—{last:%Y-%m}",
        count=len(rows),
    )
    return len(rows)


@transaction.atomic
def withdraw_month(*, row_id: int, actor: User) -> DuesMonth:
    """Take back a month written down by mistake; it stays on record, uncounted."""
    row = DuesMonth.objects.visible_to(actor).select_related("member").get(pk=row_id)
    roll = roll_for_change(row.member_id, actor)
    row.refresh_from_db()
    if row.withdrawn_at is not None:
        return row
    withdraw(row, actor, "登记有误")
    refresh([row.member_id])
    tell(
        AuditAction.DUES_WITHDRAWN,
        target=row,
        organization=roll.organization,
        members=[row.member_id],
        since=row.month,
        actor=actor,
        month=f"{row.month:%Y-%m}",
    )
    return row


@transaction.atomic
def set_opening(
    *,
    member_id: int,
    opened_to: date,
    words: str,
    version: int | None = None,
    actor: User,
) -> DuesStanding:
    """Say up to which month a member had paid before the ledger begins.

    For the book on paper, or where a suspended member is taken back. Raises
    Affiliation.DoesNotExist, PermissionDenied, StaleError, RuleError.
    """
    roll = roll_for_change(member_id, actor)
    opened_to = opened_to.replace(day=1)
    rules.check_opening(opened_to, roll.member.joined_on, timezone.localdate())
    if not words.strip():
        raise RuleError("请写明依据，如“党费证”“纸质台账”。", code="words")
    standing = open_standings([member_id], opened_to, words)[member_id]
    since = min(standing.opened_to, opened_to)
    standing.opened_to, standing.words = opened_to, words.strip()
    save_versioned(
        standing, version=version, update_fields=["opened_to", "words", "version"]
    )
    refresh([member_id])
    standing.refresh_from_db()
    tell(
        AuditAction.DUES_SET,
        target=standing,
        organization=roll.organization,
        members=[member_id],
        since=since,
        actor=actor,
        paid_to=f"{opened_to:%Y-%m}",
    )
    return standing


def open_by_letter(member: Member, paid_to: date) -> None:
    """Begin the ledger of somebody who comes by a letter, where the letter ends.

    In the caller's transaction, which says that figures changed.
    """
    standing = open_standings([member.pk], paid_to, LETTER)[member.pk]
    if standing.opened_to != paid_to:
        standing.opened_to, standing.words = paid_to, LETTER
        standing.version += 1
        standing.save(update_fields=["opened_to", "words", "version"])
    refresh([member.pk])
