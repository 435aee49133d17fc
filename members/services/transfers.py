"""Moving the formal relation to another branch: from the draft to the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import ancestors
from members.choices import (
    AffiliationKind,
    EndReason,
    StartReason,
    TransferDirection,
    TransferState,
)
from members.models import Affiliation, Transfer
from members.parameters import MOST_DAYS
from members.rules import transfers as rules
from members.services.affiliations import (
    branch_for_change,
    close_affiliation,
    end_affiliation,
    end_at,
    open_affiliation,
    open_for_change,
    tell_of_places,
)
from members.services.transfer_rows import (
    hold_roll,
    insert,
    locked,
    refuse_replaced,
    save_state,
    tell,
)
from organizations import parameters
from organizations.access import Right, require
from organizations.choices import AuditAction, OrganizationKind
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class Course:
    """Where a relation shall go.

    Within the street `target_id` is the branch; out of it the letter goes to the
    `addressee` for `target_name`, valid for `valid_days`.
    """

    direction: str
    destination: str
    target_id: int | None = None
    target_name: str = ""
    addressee: str = ""
    valid_days: int | None = None
    reason: str = ""

    @property
    def is_within(self) -> bool:
        return self.direction == TransferDirection.WITHIN

    def check(self, source: Organization) -> None:
        """Raise RuleError unless a relation of `source` can go there."""
        if self.is_within:
            refuse_target(self.target_id, source)
            return
        if not self.target_name.strip() or not self.addressee.strip():
            raise RuleError(
                "转出街道须写明介绍信抬头（接收的基层党委）和转往的党组织名称。",
                code="addressee",
            )
        rules.check_validity(self.valid_days, parameters.get(MOST_DAYS))

    def fields(self) -> dict[str, Any]:
        """What of it is stored: nothing of the other way."""
        if self.is_within:
            return {
                "target_id": self.target_id,
                "destination": self.destination,
                "reason": self.reason,
            }
        return {
            "target_name": self.target_name.strip(),
            "addressee": self.addressee.strip(),
            "valid_days": self.valid_days,
            "destination": self.destination,
            "reason": self.reason,
        }

    def drafted(
        self, affiliation: Affiliation, dues_paid_to: date, actor: User
    ) -> Transfer:
        """The transfer of one person, unsaved; within the street it is sent at once."""
        return Transfer(
            member=affiliation.member,
            source=affiliation.organization,
            direction=self.direction,
            state=TransferState.ISSUED if self.is_within else TransferState.DRAFTED,
            issued_on=timezone.localdate() if self.is_within else None,
            dues_paid_to=dues_paid_to.replace(day=1),
            drafted_by=actor,
            **self.fields(),
        )


@transaction.atomic
def draft_transfer(
    *, affiliation_id: int, course: Course, dues_paid_to: date, actor: User
) -> Transfer:
    """Write down that a person's relation shall move; nothing moves yet.

    Within the street it goes to the target branch at once; out of it the street
    issues a letter. `dues_paid_to` is the first day of the last month paid.
    Raises Affiliation.DoesNotExist out of scope or when ended, PermissionDenied
    without an editing post there, RuleError where a rule refuses.
    """
    affiliation = open_for_change(affiliation_id, actor)
    check_draft(affiliation, dues_paid_to)
    course.check(affiliation.organization)
    transfer = course.drafted(affiliation, dues_paid_to, actor)
    insert(transfer)
    tell(transfer, actor, AuditAction.TRANSFER_DRAFTED, transfer_way=course.direction)
    return transfer


def check_draft(affiliation: Affiliation, dues_paid_to: date) -> None:
    """Raise RuleError unless this relation can be written down to move."""
    if affiliation.kind != AffiliationKind.ON_ROLL:
        raise RuleError(
            "只有在册党员的组织关系才能转接；协管、流入的请结束关系。",
            code="not_on_roll",
        )
    rules.check_person(affiliation.member.status)
    rules.check_dues(dues_paid_to, timezone.localdate())


@transaction.atomic
def amend_transfer(
    *,
    transfer_id: int,
    course: Course,
    dues_paid_to: date,
    version: int | None = None,
    actor: User,
) -> Transfer:
    """Mend what was written down wrongly, before the letter has a number."""
    transfer = locked(transfer_id, actor, version)
    require(actor, Right.EDIT_MEMBERS, transfer.place)
    rules.check_amendable(transfer.state)
    course.check(transfer.place)
    rules.check_dues(dues_paid_to, timezone.localdate())
    for name, value in course.fields().items():
        setattr(transfer, name, value)
    transfer.dues_paid_to = dues_paid_to.replace(day=1)
    save_state(transfer, transfer.state)
    tell(transfer, actor, AuditAction.TRANSFER_AMENDED)
    return transfer


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
    transfer = locked(transfer_id, actor, version)
    rules.check_next(transfer.state, TransferState.ACCEPTED, transfer.direction)
    refuse_replaced(transfer)
    accept_held(transfer, hold_roll(transfer), accepted_on, actor)
    return transfer


def check_accepted(
    transfer: Transfer, affiliation: Affiliation, accepted_on: date
) -> None:
    """Raise RuleError unless the other side can have accepted on that day."""
    rules.check_accepted(
        accepted_on,
        issued_on=transfer.issued_on,
        starts_on=affiliation.starts_on,
        last_day=transfer.last_day,
        today=timezone.localdate(),
    )


def accept_held(
    transfer: Transfer, affiliation: Affiliation, accepted_on: date, actor: User
) -> None:
    """Move the relation of a locked transfer whose state allows it."""
    check_accepted(transfer, affiliation, accepted_on)
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
    save_state(transfer, TransferState.ACCEPTED)
    tell(transfer, actor, transfer_state=transfer.state, on=str(accepted_on))


@transaction.atomic
def return_receipt(
    *, transfer_id: int, receipt_on: date, version: int | None = None, actor: User
) -> Transfer:
    """Write down that a receipt came back, or that the street has sent one."""
    transfer = locked(transfer_id, actor, version)
    receipt_held(transfer, receipt_on, actor)
    return transfer


def receipt_held(transfer: Transfer, receipt_on: date, actor: User) -> None:
    """Write the receipt of a locked transfer."""
    is_sent = transfer.direction == TransferDirection.IN
    right = Right.ISSUE_LETTERS if is_sent else Right.EDIT_MEMBERS
    require(actor, right, transfer.place)
    rules.check_next(transfer.state, TransferState.RECEIPTED, transfer.direction)
    rules.check_receipt(
        receipt_on, accepted_on=transfer.accepted_on, today=timezone.localdate()
    )
    transfer.receipt_on = receipt_on
    save_state(transfer, TransferState.RECEIPTED)
    tell(transfer, actor, transfer_state=transfer.state, on=str(receipt_on))


@transaction.atomic
def give_up_transfer(
    *,
    transfer_id: int,
    state: str,
    words: str,
    version: int | None = None,
    actor: User,
) -> Transfer:
    """Withdraw a transfer, or write down that its letter is lost; `words` say why.

    One that came in by mistake ends the relation that it began.
    """
    if state not in {TransferState.WITHDRAWN, TransferState.LOST}:
        raise ValueError(state)
    transfer = locked(transfer_id, actor, version)
    # A letter that went out is the street's to take back.
    right = Right.EDIT_MEMBERS if transfer.serial is None else Right.ISSUE_LETTERS
    require(actor, right, transfer.place)
    rules.check_next(transfer.state, state, transfer.direction)
    refuse_replaced(transfer)
    if transfer.state == TransferState.ACCEPTED:
        _take_back(transfer, actor)
    transfer.closing_note = rules.joined_notes(transfer.closing_note, words)
    save_state(transfer, state)
    tell(transfer, actor, transfer_state=transfer.state)
    return transfer


def hand_over_transfers(
    *, source: Organization, target: Organization, actor: User
) -> None:
    """Let what is on its way from or to a branch go on with the one it merges into.

    Between the two nothing is left to move. In the caller's transaction.
    """
    under_way = list(
        Transfer.objects.under_way()
        .of_branch(source)
        .select_related("member", "source", "target")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    for transfer in under_way:
        if transfer.source_id == source.pk:
            transfer.source = target
        if transfer.target_id == source.pk:
            transfer.target = target
        state = transfer.state
        if transfer.source_id == transfer.target_id:
            state = TransferState.WITHDRAWN
            transfer.target = source  # as it was asked for
            transfer.closing_note = rules.joined_notes(
                transfer.closing_note, f"{source}并入{target}，不必再转"
            )
        save_state(transfer, state)
        tell(transfer, actor, transfer_state=state)
    if begun := [each.issued_on for each in under_way if each.issued_on]:
        # What was counted there counts here now, in every month since.
        facts_changed.send(
            sender=Transfer, organization_ids={source.pk, target.pk}, since=min(begun)
        )


def _move(
    affiliation: Affiliation, target: Organization, accepted_on: date, actor: User
) -> None:
    member, note = affiliation.member, f"由{affiliation.organization}转接"
    close_affiliation(affiliation, accepted_on, EndReason.MOVED_WITHIN, note, actor)
    # Co-managed there so far: on the roll he is managed in full.
    end_at(target, member, accepted_on, "转为在册", actor)
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


def _take_back(transfer: Transfer, actor: User) -> None:
    """End the relation that a letter from outside began, as a mistake."""
    roll = (
        transfer.member.affiliations.open()
        .filter(organization=transfer.target, kind=AffiliationKind.ON_ROLL)
        .first()
    )
    if roll is None:
        raise RuleError(
            f"该同志已不在{transfer.target}在册，不能再撤回这件转入。",
            code="not_on_roll",
        )
    end_affiliation(
        affiliation_id=roll.pk,
        ends_on=roll.starts_on,
        end_reason=EndReason.MISTAKE,
        note="转入登记有误",
        actor=actor,
    )


def refuse_target(target_id: int | None, source: Organization) -> None:
    target = Organization.objects.open().filter(pk=target_id).first()
    if target is None or target.kind != OrganizationKind.BRANCH:
        raise RuleError("请选择接收的党支部。", code="target")
    if ancestors(target.path)[0] != ancestors(source.path)[0]:
        raise RuleError(
            "接收党支部不在本街道，请按“转出街道”办理介绍信。", code="target"
        )
    if target.pk == source.pk:
        raise RuleError("该同志已在这个党支部，请选择另一个党支部。", code="target")
