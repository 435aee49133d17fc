"""The letter that moves a relation out of the street: its number, days and doubles."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import ancestors
from members.choices import TransferState
from members.models import LetterCounter, Transfer
from members.parameters.transfers import MOST_DAYS, MOST_TOGETHER
from members.rules import transfers as rules
from members.services.transfer_rows import (
    check_each,
    hold_roll,
    hold_rolls,
    insert,
    locked,
    locked_together,
    refuse_replaced,
    save_state,
    save_states,
    tell,
    tell_together,
)
from organizations import parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User


@transaction.atomic
def issue_letter(
    *, transfer_id: int, version: int | None = None, actor: User
) -> Transfer:
    """Give a drafted letter its number and today's date.

    The number follows the one before it in the year: the counter's row stays locked
    until this is committed, and goes back with whatever fails after it.
    """
    transfer = locked(transfer_id, actor, version)
    require(actor, Right.ISSUE_LETTERS, transfer.place)
    rules.check_next(transfer.state, TransferState.ISSUED, transfer.direction)
    hold_roll(transfer)
    rules.check_person(transfer.member.status)
    _number([transfer])
    save_state(transfer, TransferState.ISSUED)
    tell(transfer, actor, AuditAction.LETTER_ISSUED, number=transfer.number)
    return transfer


@transaction.atomic
def issue_letters(*, transfer_ids: Collection[int], actor: User) -> list[Transfer]:
    """Give many drafted letters a number each, or none where one is refused.

    Raises Transfer.DoesNotExist, PermissionDenied, RuleError that names everybody
    who stands in the way.
    """
    rules.check_together(len(set(transfer_ids)), parameters.get(MOST_TOGETHER))
    transfers = locked_together(transfer_ids, actor)
    for place in {each.place for each in transfers}:
        require(actor, Right.ISSUE_LETTERS, place)
    rolls = hold_rolls(transfers)
    most = parameters.get(MOST_DAYS)

    def check(transfer: Transfer) -> None:
        rules.check_next(transfer.state, TransferState.ISSUED, transfer.direction)
        roll = rules.check_roll(rolls.get(transfer.member_id))
        rules.check_person(roll.member.status)
        rules.check_validity(transfer.valid_days, most)

    check_each(transfers, check)
    _number(transfers)
    save_states(transfers, TransferState.ISSUED)
    tell_together(
        [(each, {"number": each.number}) for each in transfers],
        actor,
        AuditAction.LETTER_ISSUED,
    )
    return transfers


@transaction.atomic
def reissue_letter(
    *, transfer_id: int, valid_days: int, version: int | None = None, actor: User
) -> Transfer:
    """Issue another letter for one that was lost or is past its days.

    The old one keeps its number and is void from now on. Source: 《组织关系介绍信》
    填写说明, 遗失的经核查后补开, 原件作废.
    """
    old = locked(transfer_id, actor, version)
    require(actor, Right.ISSUE_LETTERS, old.place)
    if old.state not in rules.REISSUABLE:
        raise RuleError("只有已过有效期或遗失的介绍信才能补开。", code="transfer_state")
    refuse_replaced(old)
    hold_roll(old)
    rules.check_person(old.member.status)
    new = Transfer(
        member=old.member,
        source=old.source,
        direction=old.direction,
        state=TransferState.ISSUED,
        destination=old.destination,
        target_name=old.target_name,
        addressee=old.addressee,
        reason=old.reason,
        dues_paid_to=old.dues_paid_to,
        valid_days=valid_days,
        replaces=old,
        batch=old.batch,
        drafted_by=actor,
    )
    _number([new])
    insert(new)
    old.ended_on = new.issued_on
    save_state(old, old.state)
    tell(
        new, actor, AuditAction.LETTER_ISSUED, number=new.number, instead_of=old.number
    )
    # From the first of them on one is under way, not two.
    tell(old, actor, transfer_state=old.state)
    return new


@transaction.atomic
def expire_letters(today: date) -> int:
    """Mark the letters whose days are over; return how many. For the hourly job."""
    expired = list(
        Transfer.objects.filter(state=TransferState.ISSUED, last_day__lt=today)
        .select_related("source", "member")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("pk")
    )
    if expired:
        save_states(expired, TransferState.EXPIRED)
        tell_together(
            [(each, {"transfer_state": each.state}) for each in expired], None
        )
    return len(expired)


def _number(transfers: Iterable[Transfer]) -> None:
    """Take the next numbers of this year's letters of each street."""
    today, most = timezone.localdate(), parameters.get(MOST_DAYS)

    def root(transfer: Transfer) -> str:
        return ancestors(transfer.place.path)[0]

    for path, group in groupby(sorted(transfers, key=root), key=root):
        issuer = Organization.objects.get(path=path)
        LetterCounter.objects.get_or_create(issuer=issuer, year=today.year)
        counter = LetterCounter.objects.select_for_update().get(
            issuer=issuer, year=today.year
        )
        for transfer in group:
            counter.last += 1
            transfer.issuer, transfer.year = issuer, today.year
            transfer.serial, transfer.issued_on = counter.last, today
            days = rules.check_validity(transfer.valid_days, most)
            transfer.last_day = rules.valid_until(today, days)
        counter.save(update_fields=["last"])
