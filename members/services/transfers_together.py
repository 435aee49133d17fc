"""Many transfers in one go: written down, accepted, their receipts noted.

All or nothing: where somebody stands in the way, everybody who does is named.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import IntegrityError, transaction

from config.lib.errors import RuleError
from members.choices import AffiliationKind, TransferState
from members.models import Affiliation, Transfer, TransferBatch
from members.parameters.transfers import MOST_TOGETHER
from members.rules import transfers as rules
from members.services.leaving import leave_together
from members.services.transfer_rows import (
    check_each,
    hold_rolls,
    locked_together,
    refuse_replaced,
    save_states,
    tell_together,
    waiting_error,
)
from members.services.transfers import (
    Course,
    accept_held,
    check_accepted,
    check_draft,
    receipt_held,
)
from organizations import parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import User


@transaction.atomic
def draft_transfers(
    *,
    affiliation_ids: Collection[int],
    course: Course,
    dues_paid_to: date,
    title: str,
    actor: User,
) -> TransferBatch:
    """Write down that many people go the same way, one transfer each.

    Raises Affiliation.DoesNotExist when one of the relations is not in scope or has
    ended, PermissionDenied, RuleError that names everybody who stands in the way.
    """
    wanted = set(affiliation_ids)
    rules.check_together(len(wanted), parameters.get(MOST_TOGETHER))
    rolls = _locked_rolls(wanted, actor)
    places = {each.organization for each in rolls}
    for place in places:
        require(actor, Right.EDIT_MEMBERS, place)
        course.check(place)
    waiting = set(
        Transfer.objects.waiting()
        .filter(member__in=[each.member_id for each in rolls])
        .values_list("member_id", flat=True)
    )
    problems = []
    for roll in rolls:
        try:
            check_draft(roll, dues_paid_to)
            rules.check_alone(roll.member_id in waiting)
        except RuleError as error:
            problems.append((roll.member.name, error.text))
    if problems:
        raise rules.refused_together(problems)
    batch = TransferBatch.objects.create(title=title[:120], drafted_by=actor)
    transfers = [course.drafted(roll, dues_paid_to, actor) for roll in rolls]
    for transfer in transfers:
        transfer.batch = batch
    try:
        with transaction.atomic():
            Transfer.objects.bulk_create(transfers)
    except IntegrityError as error:
        raise waiting_error(error) from None
    tell_together(
        [(each, {"transfer_way": course.direction}) for each in transfers],
        actor,
        AuditAction.TRANSFER_DRAFTED,
    )
    return batch


@transaction.atomic
def accept_transfers(
    *, transfer_ids: Collection[int], accepted_on: date, actor: User
) -> list[Transfer]:
    """Record that the other side has taken all of these over on the same day."""
    transfers = _for_step(transfer_ids, TransferState.ACCEPTED, actor)
    refuse_replaced(*transfers)
    rolls = hold_rolls(transfers)
    leaving = [each for each in transfers if each.target_id is None]
    coming = [each for each in transfers if each.target_id is not None]

    def held(transfer: Transfer) -> Affiliation:
        return rules.check_roll(rolls.get(transfer.member_id))

    check_each(leaving, lambda each: check_accepted(each, held(each), accepted_on))
    check_each(coming, lambda each: accept_held(each, held(each), accepted_on, actor))
    if leaving:
        leave_together([(each, held(each)) for each in leaving], accepted_on, actor)
        for each in leaving:
            each.accepted_on = accepted_on
        save_states(leaving, TransferState.ACCEPTED)
        details = {"transfer_state": TransferState.ACCEPTED, "on": str(accepted_on)}
        tell_together([(each, details) for each in leaving], actor)
    return transfers


@transaction.atomic
def return_receipts(
    *, transfer_ids: Collection[int], receipt_on: date, actor: User
) -> list[Transfer]:
    """Write down that the receipts of all of these came back, or were sent."""
    transfers = _for_step(transfer_ids, TransferState.RECEIPTED, actor)
    check_each(transfers, lambda each: receipt_held(each, receipt_on, actor))
    return transfers


def _for_step(transfer_ids: Collection[int], state: str, actor: User) -> list[Transfer]:
    rules.check_together(len(set(transfer_ids)), parameters.get(MOST_TOGETHER))
    transfers = locked_together(transfer_ids, actor)
    check_each(
        transfers, lambda each: rules.check_next(each.state, state, each.direction)
    )
    return transfers


def _locked_rolls(wanted: set[int], actor: User) -> list[Affiliation]:
    rolls = list(
        Affiliation.objects.visible_to(actor)
        .open()
        .filter(pk__in=wanted, kind=AffiliationKind.ON_ROLL)
        .select_related("organization", "member")
        .select_for_update(of=("self", "member"), no_key=True)
        .order_by("pk")
    )
    if len(rolls) != len(wanted):
        raise Affiliation.DoesNotExist
    return rolls
