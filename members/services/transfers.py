"""Moving the formal relation to another branch: from the draft to the receipt."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import ancestors
from config.lib.versions import check_version, save_versioned
from members.choices import (
    AffiliationKind,
    EndReason,
    StartReason,
    TransferDirection,
    TransferState,
)
from members.models import Affiliation, LetterCounter, Transfer
from members.parameters import MOST_DAYS
from members.rules import transfers as rules
from members.services.affiliations import (
    branch_for_change,
    close_affiliation,
    end_affiliation,
    open_affiliation,
    open_for_change,
    tell_of_places,
)
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction, OrganizationKind
from organizations.models import Organization, User

_ONE_WAITING = "members_transfer_one_waiting"


@transaction.atomic
def draft_transfer(
    *,
    affiliation_id: int,
    direction: str,
    destination: str,
    dues_paid_to: date,
    target_id: int | None = None,
    target_name: str = "",
    addressee: str = "",
    reason: str = "",
    valid_days: int | None = None,
    actor: User,
) -> Transfer:
    """Write down that a person's relation shall move; nothing moves yet.

    Within the street it goes to the target branch at once; out of it the street
    issues a letter. `dues_paid_to` is the first day of the last month paid.
    Raises Affiliation.DoesNotExist out of scope or when ended, PermissionDenied
    without an editing post there, RuleError where a rule refuses.
    """
    today = timezone.localdate()
    affiliation = open_for_change(affiliation_id, actor)
    member, source = affiliation.member, affiliation.organization
    _refuse_unless_on_roll(affiliation)
    rules.check_person(member.status)
    rules.check_dues(dues_paid_to, today)
    is_within = direction == TransferDirection.WITHIN
    if is_within:
        _refuse_target(target_id, source, actor)
        target_name, addressee, valid_days = "", "", None
    else:
        _refuse_unaddressed(target_name, addressee)
        rules.check_validity(valid_days, parameters.get(MOST_DAYS))
    transfer = Transfer(
        member=member,
        source=source,
        target_id=target_id if is_within else None,
        direction=direction,
        state=TransferState.ISSUED if is_within else TransferState.DRAFTED,
        issued_on=today if is_within else None,
        destination=destination,
        target_name=target_name,
        addressee=addressee,
        reason=reason,
        dues_paid_to=dues_paid_to.replace(day=1),
        valid_days=valid_days,
        drafted_by=actor,
    )
    _insert(transfer)
    _tell(transfer, actor, AuditAction.TRANSFER_DRAFTED, transfer_way=direction)
    return transfer


@transaction.atomic
def issue_letter(
    *, transfer_id: int, version: int | None = None, actor: User
) -> Transfer:
    """Give a drafted letter its number and today's date.

    The number follows the one before it in the year: the counter's row stays locked
    until this is committed, and goes back with whatever fails after it.
    """
    transfer = _locked(transfer_id, actor, version)
    require(actor, Right.ISSUE_LETTERS, transfer.source)
    rules.check_next(transfer.state, TransferState.ISSUED, transfer.direction)
    _hold_roll(transfer)
    rules.check_person(transfer.member.status)
    _number(transfer)
    _save(transfer, TransferState.ISSUED)
    _tell(transfer, actor, AuditAction.LETTER_ISSUED, number=transfer.number)
    return transfer


@transaction.atomic
def reissue_letter(
    *, transfer_id: int, valid_days: int, version: int | None = None, actor: User
) -> Transfer:
    """Issue another letter for one that was lost or is past its days.

    The old one keeps its number and is void from now on. Source: 《组织关系介绍信》
    填写说明, 遗失的经核查后补开, 原件作废.
    """
    old = _locked(transfer_id, actor, version)
    require(actor, Right.ISSUE_LETTERS, old.source)
    if old.state not in rules.REISSUABLE:
        raise RuleError("只有已过有效期或遗失的介绍信才能补开。", code="transfer_state")
    _refuse_replaced(old)
    _hold_roll(old)
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
        drafted_by=actor,
    )
    _number(new)
    _insert(new)
    _tell(
        new, actor, AuditAction.LETTER_ISSUED, number=new.number, instead_of=old.number
    )
    return new


@transaction.atomic
def accept_transfer(
    *,
    transfer_id: int,
    accepted_on: date,
    version: int | None = None,
    actor: User,
) -> Transfer:
    """Record that the other branch has taken the person over; the relation moves.

    Within the street the target branch does so itself, and the new relation begins
    in the same transaction; out of it the old branch writes down what it was told.
    """
    transfer = _locked(transfer_id, actor, version)
    rules.check_next(transfer.state, TransferState.ACCEPTED, transfer.direction)
    _refuse_replaced(transfer)
    affiliation = _hold_roll(transfer)
    rules.check_accepted(
        accepted_on,
        issued_on=transfer.issued_on,
        starts_on=affiliation.starts_on,
        last_day=transfer.last_day,
        today=timezone.localdate(),
    )
    if transfer.target_id is not None:
        target = branch_for_change(transfer.target_id, actor)
        _move(affiliation, target, accepted_on, actor)
    else:
        end_affiliation(
            affiliation_id=affiliation.pk,
            ends_on=accepted_on,
            end_reason=EndReason.TRANSFERRED_OUT,
            note=f"介绍信{transfer.number}",
            actor=actor,
        )
    transfer.accepted_on = accepted_on
    _save(transfer, TransferState.ACCEPTED)
    _tell(transfer, actor, transfer_state=transfer.state, on=str(accepted_on))
    return transfer


@transaction.atomic
def return_receipt(
    *, transfer_id: int, receipt_on: date, version: int | None = None, actor: User
) -> Transfer:
    """Write down that the receipt of an accepted letter has come back."""
    transfer = _locked(transfer_id, actor, version)
    require(actor, Right.EDIT_MEMBERS, transfer.source)
    rules.check_next(transfer.state, TransferState.RECEIPTED, transfer.direction)
    rules.check_receipt(
        receipt_on, accepted_on=transfer.accepted_on, today=timezone.localdate()
    )
    transfer.receipt_on = receipt_on
    _save(transfer, TransferState.RECEIPTED)
    _tell(transfer, actor, transfer_state=transfer.state, on=str(receipt_on))
    return transfer


@transaction.atomic
def give_up_transfer(
    *,
    transfer_id: int,
    state: str,
    words: str,
    version: int | None = None,
    actor: User,
) -> Transfer:
    """Withdraw a transfer, or write down that its letter is lost; `words` say why."""
    if state not in {TransferState.WITHDRAWN, TransferState.LOST}:
        raise ValueError(state)
    transfer = _locked(transfer_id, actor, version)
    right = (
        Right.EDIT_MEMBERS if transfer.serial is None else Right.ISSUE_LETTERS
    )  # a letter that went out is the street's to take back
    require(actor, right, transfer.source)
    rules.check_next(transfer.state, state, transfer.direction)
    _refuse_replaced(transfer)
    transfer.closing_note = rules.joined_notes(transfer.closing_note, words)
    _save(transfer, state)
    _tell(transfer, actor, transfer_state=transfer.state)
    return transfer


@transaction.atomic
def expire_letters(today: date) -> int:
    """Mark the letters whose days are over; return how many. For the nightly job."""
    expired = (
        Transfer.objects.filter(state=TransferState.ISSUED, last_day__lt=today)
        .select_related("source", "member")
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .order_by("pk")
    )
    for transfer in expired:
        _save(transfer, TransferState.EXPIRED)
        _tell(transfer, None, transfer_state=transfer.state)
    return len(expired)


def _locked(transfer_id: int, actor: User, version: int | None) -> Transfer:
    transfer = (
        Transfer.objects.visible_to(actor)
        .select_related("member", "source", "target")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=transfer_id)
    )
    check_version(transfer, version)
    return transfer


def _hold_roll(transfer: Transfer) -> Affiliation:
    """Return the relation that shall move, locked; refuse where it is no more."""
    affiliation = (
        Affiliation.objects.open()
        .filter(
            member_id=transfer.member_id,
            organization_id=transfer.source_id,
            kind=AffiliationKind.ON_ROLL,
        )
        .select_related("member", "organization")
        .select_for_update(of=("self", "member"), no_key=True)
        .first()
    )
    if affiliation is None:
        raise RuleError(
            f"该同志已不在{transfer.source}在册，这件转接不能继续，请撤回。",
            code="not_on_roll",
        )
    transfer.member = affiliation.member
    return affiliation


def _move(
    affiliation: Affiliation, target: Organization, accepted_on: date, actor: User
) -> None:
    member, note = affiliation.member, f"由{affiliation.organization}转接"
    close_affiliation(affiliation, accepted_on, EndReason.MOVED_WITHIN, note, actor)
    held = member.affiliations.open().filter(organization=target)
    for other in held.select_for_update(of=("self",), no_key=True).select_related(
        "organization"
    ):
        # Co-managed there so far: on the roll he is managed in full.
        close_affiliation(
            other,
            max(accepted_on, other.starts_on),
            EndReason.MOVED_WITHIN,
            "转为在册",
            actor,
        )
    open_affiliation(
        member=member,
        organization=target,
        kind=AffiliationKind.ON_ROLL,
        starts_on=accepted_on,
        start_reason=StartReason.MOVED_WITHIN,
        note=note,
        actor=actor,
    )
    tell_of_places([member.pk])


def _number(transfer: Transfer) -> None:
    """Take the next number of this year's letters of the street."""
    today = timezone.localdate()
    issuer = Organization.objects.get(path=ancestors(transfer.source.path)[0])
    LetterCounter.objects.get_or_create(issuer=issuer, year=today.year)
    counter = LetterCounter.objects.select_for_update().get(
        issuer=issuer, year=today.year
    )
    counter.last += 1
    counter.save(update_fields=["last"])
    transfer.issuer, transfer.year, transfer.serial = issuer, today.year, counter.last
    transfer.issued_on = today
    days = rules.check_validity(transfer.valid_days, parameters.get(MOST_DAYS))
    transfer.last_day = rules.valid_until(today, days)


def _insert(transfer: Transfer) -> None:
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as error:
        is_double = _ONE_WAITING in str(error) or "member_id" in str(error)
        if not is_double:
            raise
        raise RuleError(
            "该同志已有一件转接正在办理，不能重复登记；请先办结或撤回那一件。",
            code="transfer_waiting",
        ) from None


def _save(transfer: Transfer, state: str) -> None:
    transfer.state = state
    save_versioned(transfer, version=transfer.version)  # locked and checked


def _tell(
    transfer: Transfer,
    actor: User | None,
    action: AuditAction = AuditAction.TRANSFER_CHANGED,
    **details: Any,
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=transfer,
        organization=transfer.source,
        details=details,
    )


def _refuse_unless_on_roll(affiliation: Affiliation) -> None:
    if affiliation.kind != AffiliationKind.ON_ROLL:
        raise RuleError(
            "只有在册党员的组织关系才能转接；协管、流入的请结束关系。",
            code="not_on_roll",
        )


def _refuse_target(target_id: int | None, source: Organization, actor: User) -> None:
    target = Organization.objects.open().filter(pk=target_id).first()
    if target is None or target.kind != OrganizationKind.BRANCH:
        raise RuleError("请选择接收的党支部。", code="target")
    if ancestors(target.path)[0] != ancestors(source.path)[0]:
        raise RuleError(
            "接收党支部不在本街道，请按“转出街道”办理介绍信。", code="target"
        )
    if target.pk == source.pk:
        raise RuleError("该同志已在这个党支部，请选择另一个党支部。", code="target")


def _refuse_unaddressed(target_name: str, addressee: str) -> None:
    if not target_name.strip() or not addressee.strip():
        raise RuleError(
            "转出街道须写明介绍信抬头（接收的基层党委）和转往的党组织名称。",
            code="addressee",
        )


def _refuse_replaced(transfer: Transfer) -> None:
    new = Transfer.objects.filter(replaces=transfer).first()
    if new is not None:
        raise RuleError(
            f"这封介绍信已由{new.number}代替，原件作废，请在新的介绍信上办理。",
            code="replaced",
        )
