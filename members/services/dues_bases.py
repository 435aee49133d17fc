"""Saying what members pay dues from, and granting that somebody pays less."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.choices.dues import PayerKind
from members.models import DuesBase
from members.parameters.dues import table
from members.rules import dues as rules
from members.services.affiliations import branch_for_change
from members.services.dues_rows import (
    RowsError,
    lock_asked,
    roll_for_change,
    tell,
    withdraw,
)
from organizations import parameters
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed

RECKON_KIND = "members.reckon_dues"
REPLACED = "已重新核定"
CHUNK = 2000


@dataclass(frozen=True)
class Basis:
    """What one member pays from.

    `value` is his income or, of a farmer, the sum; `seen` is the id of the row the
    form was filled in from, None where there was none.
    """

    kind: str
    value: Decimal | None
    seen: int | None = None


@transaction.atomic
def set_bases(
    *,
    organization_id: int,
    month: date,
    bases: Mapping[int, Basis],
    actor: User,
) -> int:
    """Say what members of a branch pay from, from a month on, all or nobody.

    Returns how many were changed; what is the same already is left. Raises
    Organization.DoesNotExist, PermissionDenied, RowsError.
    """
    branch = branch_for_change(organization_id, actor)
    rules.check_month(month, timezone.localdate())
    people = [pk for pk in lock_asked(branch, month) if pk in bases]
    held = _counted(people)
    refused, changed = {}, []
    with parameters.together():
        rates = table()
    for pk in people:
        try:
            if (fresh := _fresh(pk, bases[pk], held[pk], month, rates)) is not None:
                changed.append((fresh, _begin(held[pk], fresh)))
        except RuleError as error:
            refused[pk] = error.text
    if refused:
        raise RowsError(refused)
    if changed:
        given_way = [row for _, touched in changed for row in touched]
        _save(given_way, [fresh for fresh, _ in changed], actor)
        tell(
            AuditAction.DUES_SET,
            target=branch,
            organization=branch,
            members=[fresh.member_id for fresh, _ in changed],
            since=month,
            actor=actor,
            month=f"{month:%Y-%m}",
            count=len(changed),
        )
    return len(changed)


def _fresh(
    pk: int, basis: Basis, held: list[DuesBase], month: date, rates: rules.Table
) -> DuesBase | None:
    """The row to begin with the month; None where what holds says the same."""
    row = next((row for row in held if row.holds(month)), None)
    value = None if basis.kind in rules.FIXED else basis.value
    if row is not None and (row.kind, row.value) == (basis.kind, value):
        return None
    if basis.seen != (row.pk if row else None):
        raise StaleError("刚刚被别人重新核定过，请核对后再保存。")
    if basis.kind == PayerKind.REDUCED or basis.kind not in PayerKind.values:
        raise RuleError("请选择缴费类别。", code="kind")
    rules.check_value(basis.kind, value, rates)
    return DuesBase(
        member_id=pk,
        kind=basis.kind,
        base="" if value is None else f"{value:f}",
        monthly=rules.due_of(basis.kind, value, rates),
        starts_on=month,
    )


def _begin(held: list[DuesBase], fresh: DuesBase) -> list[DuesBase]:
    """Fit a base that begins into the months of one member; return what gives way.

    It holds until the next one that is known already.
    """
    month = fresh.starts_on
    row = next((row for row in held if row.holds(month)), None)
    if row is not None and row.kind == PayerKind.REDUCED and row.ends_on:
        raise RuleError(
            f"经批准少交或免交至{rules.step(row.ends_on, -1):%Y-%m}，"
            "期内不能重新核定，请先撤回批准或从期满后核定。",
            code="reduced",
        )
    later = [row.starts_on for row in held if row.starts_on > month]
    fresh.ends_on = min(later, default=None)
    if row is None:
        return []
    _give_way(row, month)
    return [row]


def _give_way(row: DuesBase, month: date) -> None:
    """End a row before the month; one that begins with it is withdrawn by `_save`."""
    if row.starts_on < month:
        row.ends_on = month


def _save(touched: list[DuesBase], fresh: list[DuesBase], actor: User) -> None:
    """What gives way first: two rows of one month never stand beside each other."""
    begun = {(row.member_id, row.starts_on) for row in fresh}
    for row in touched:
        if (row.member_id, row.starts_on) in begun:
            row.withdrawn_by, row.withdrawn_at = actor, timezone.now()
            row.withdrawal = REPLACED
    DuesBase.objects.bulk_update(
        touched, ["ends_on", "withdrawn_by", "withdrawn_at", "withdrawal"]
    )
    for row in fresh:
        row.recorded_by = actor
    DuesBase.objects.bulk_create(fresh)


@transaction.atomic
def grant_reduction(
    *,
    member_id: int,
    first: date,
    last: date,
    monthly: Decimal,
    reason: str,
    approver: str,
    approved_on: date,
    actor: User,
) -> DuesBase:
    """Write down that a member pays less, or nothing, for some months.

    Afterwards what held before holds again. Raises Affiliation.DoesNotExist,
    PermissionDenied, RuleError. Source: 《…党费收缴、使用和管理的规定》第七条.
    """
    roll = roll_for_change(member_id, actor)
    today = timezone.localdate()
    rules.check_reason(reason, approver)
    if approved_on > today:
        raise RuleError("批准日期不能晚于今天。", code="approved_on")
    rules.check_months(first, last, None, today)
    rules.check_value(PayerKind.REDUCED, monthly, table())
    reduction = DuesBase(
        member_id=member_id,
        kind=PayerKind.REDUCED,
        base=f"{monthly:f}",
        monthly=monthly,
        starts_on=first,
        ends_on=rules.step(last, 1),
        reason=reason.strip(),
        approver=approver.strip(),
        approved_on=approved_on,
    )
    held = _counted([member_id])[member_id]
    same = next((row for row in held if _is_same(row, reduction)), None)
    if same is not None:  # sent twice
        return same
    touched, fresh = _reduce(held, reduction)
    _save(touched, fresh, actor)
    tell(
        AuditAction.DUES_SET,
        target=reduction,
        organization=roll.organization,
        members=[member_id],
        since=first,
        actor=actor,
        month=f"{first:%Y-%m}—{last:%Y-%m}",
    )
    return reduction


def _is_same(row: DuesBase, other: DuesBase) -> bool:
    names = ("kind", "base", "starts_on", "ends_on", "reason", "approver")
    return all(getattr(row, name) == getattr(other, name) for name in names)


def _reduce(
    held: list[DuesBase], reduction: DuesBase
) -> tuple[list[DuesBase], list[DuesBase]]:
    """What gives way to a reduction, and the rows to write: it, and what follows."""
    first, end = reduction.starts_on, reduction.ends_on
    assert end is not None
    crossed = [
        row
        for row in held
        if row.starts_on < end and (row.ends_on is None or row.ends_on > first)
    ]
    if any(row.kind == PayerKind.REDUCED for row in crossed):
        raise RuleError("这段时间已经登记过少交或免交，请先撤回原来的。", code="first")
    if len(crossed) > 1 or any(row.starts_on > first for row in crossed):
        changes = max(row.starts_on for row in crossed)
        raise RuleError(
            f"核算基数从{changes:%Y-%m}起有变化，请在此前后分两次登记。", code="last"
        )
    fresh = [reduction]
    for row in crossed:
        if row.ends_on is None or row.ends_on > end:
            rest = copy(row)
            rest.pk, rest._state.adding = None, True
            rest.starts_on = end
            fresh.append(rest)
        _give_way(row, first)
    return crossed, fresh


@transaction.atomic
def withdraw_reduction(*, row_id: int, actor: User) -> DuesBase:
    """Take a reduction back; what held before holds through its months as well."""
    row = (
        DuesBase.objects.visible_to(actor)
        .select_related("member")
        .get(pk=row_id, kind=PayerKind.REDUCED)
    )
    roll = roll_for_change(row.member_id, actor)
    row.refresh_from_db()
    if row.withdrawn_at is not None:
        return row
    withdraw(row, actor, "撤回批准")
    held = _counted([row.member_id])[row.member_id]
    before = next((r for r in held if r.ends_on == row.starts_on), None)
    after = next((r for r in held if r.starts_on == row.ends_on), None)
    if before and before.kind != PayerKind.REDUCED:
        if after and (before.kind, before.base) == (after.kind, after.base):
            withdraw(after, actor, REPLACED)
            before.ends_on = after.ends_on
        else:
            before.ends_on = row.ends_on
        before.save(update_fields=["ends_on"])
    elif after and after.kind != PayerKind.REDUCED:
        after.starts_on = row.starts_on
        after.save(update_fields=["starts_on"])
    tell(
        AuditAction.DUES_SET,
        target=row,
        organization=roll.organization,
        members=[row.member_id],
        since=row.starts_on,
        actor=actor,
        withdrawn=True,
    )
    return row


def _counted(members: Iterable[int]) -> dict[int, list[DuesBase]]:
    found: dict[int, list[DuesBase]] = {pk: [] for pk in members}
    rows = DuesBase.objects.counted().filter(member__in=found).order_by("starts_on")
    for row in rows:
        found[row.member_id].append(row)
    return found


def reckon_again() -> int:
    """Reckon everybody's dues by the rates in force today; return how many changed.

    Of what was paid already nothing changes.
    """
    with parameters.together():
        rates = table()
    changed: list[DuesBase] = []
    rows = DuesBase.objects.counted().exclude(kind=PayerKind.REDUCED)
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        monthly = rules.due_of(row.kind, row.value, rates)
        if monthly != row.monthly:
            row.monthly = monthly
            changed.append(row)
    for start in range(0, len(changed), CHUNK):
        DuesBase.objects.bulk_update(changed[start : start + CHUNK], ["monthly"])
    if changed:
        branches = Organization.objects.branches().values_list("pk", flat=True)
        since = min(row.starts_on for row in changed)
        facts_changed.send(sender=DuesBase, organization_ids=set(branches), since=since)
    return len(changed)
