"""What the steps of transfers share: locked rows, the roll that moves, the trail."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.together import update_together
from config.lib.versions import check_version, save_versioned
from members.choices import AffiliationKind, TransferState
from members.models import Affiliation, Transfer
from members.rules import transfers as rules
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed

_ONE_WAITING = "members_transfer_one_waiting"
# What the steps change; a transfer has no history, and its version is counted by hand.
# What a step sets in many rows, beside their state and version.
_SET = {
    TransferState.ISSUED: ("issuer", "year", "serial", "issued_on", "last_day"),
    TransferState.ACCEPTED: ("accepted_on", "ended_on"),
    TransferState.EXPIRED: (),
}


def locked(transfer_id: int, actor: User, version: int | None) -> Transfer:
    """Return the transfer, locked. Raises Transfer.DoesNotExist, StaleError."""
    transfer = locked_together([transfer_id], actor)[0]
    check_version(transfer, version)
    return transfer


def locked_together(transfer_ids: Collection[int], actor: User) -> list[Transfer]:
    """Return the transfers in scope, locked in one order by everybody.

    Raises Transfer.DoesNotExist when one of them is not there.
    """
    wanted = set(transfer_ids)
    found = list(
        Transfer.objects.visible_to(actor)
        .filter(pk__in=wanted)
        .select_related("member", "source", "target", "issuer")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if len(found) != len(wanted):
        raise Transfer.DoesNotExist
    return found


def hold_rolls(transfers: Iterable[Transfer]) -> dict[int, Affiliation]:
    """Return the relations that shall move, locked, by the member's id.

    Absent where somebody is not on that roll any more.
    """
    sources = {each.member_id: each.source_id for each in transfers}
    found = (
        Affiliation.objects.open()
        .filter(member__in=sources, kind=AffiliationKind.ON_ROLL)
        .select_related("member", "organization")
        .select_for_update(of=("self", "member"), no_key=True)
        .order_by("pk")
    )
    return {
        each.member_id: each
        for each in found
        if each.organization_id == sources[each.member_id]
    }


def hold_roll(transfer: Transfer) -> Affiliation:
    """Return the one relation that shall move, locked; refuse where it is no more."""
    affiliation = hold_rolls([transfer]).get(transfer.member_id)
    if affiliation is None:
        raise RuleError(
            f"该同志已不在{transfer.source}在册，这件转接不能继续，请撤回。",
            code="not_on_roll",
        )
    transfer.member = affiliation.member
    return affiliation


def check_each(transfers: Iterable[Transfer], check: Callable[[Transfer], Any]) -> None:
    """Check everybody; raise one RuleError that names all who are refused."""
    problems = []
    for transfer in transfers:
        try:
            check(transfer)
        except RuleError as error:
            problems.append((transfer.member.name, error.text))
    if problems:
        raise rules.refused_together(problems)


def insert(transfer: Transfer) -> None:
    """Write a new transfer; RuleError where the person has one on its way."""
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as error:
        raise waiting_error(error) from None


def waiting_error(error: IntegrityError) -> Exception:
    """Return the sentence for a second transfer of a person, or the error itself."""
    # SQLite names the columns, PostgreSQL the constraint.
    is_double = _ONE_WAITING in str(error) or "transfer.member_id" in str(error)
    try:
        rules.check_alone(is_double)
    except RuleError as refused:
        return refused
    return error


def save_state(transfer: Transfer, state: str) -> None:
    """Write a new state of a row that is locked and was checked."""
    _put(transfer, state)
    save_versioned(transfer, version=transfer.version)


def save_states(transfers: Collection[Transfer], state: str) -> None:
    """Write the same new state of many rows: one of those in `_SET`."""
    for transfer in transfers:
        _put(transfer, state)
        transfer.version += 1
    update_together(transfers, ("state", "version", *_SET[TransferState(state)]))


def _put(transfer: Transfer, state: str) -> None:
    transfer.state = state
    if state == TransferState.ACCEPTED:
        transfer.ended_on = transfer.accepted_on
    elif state == TransferState.WITHDRAWN and transfer.ended_on is None:
        transfer.ended_on = timezone.localdate()


def tell(
    transfer: Transfer,
    actor: User | None,
    action: AuditAction = AuditAction.TRANSFER_CHANGED,
    **details: Any,
) -> None:
    """Write one step to the trail, and mark the figures it changes."""
    tell_together([(transfer, details)], actor, action)


def tell_together(
    steps: Collection[tuple[Transfer, dict[str, Any]]],
    actor: User | None,
    action: AuditAction = AuditAction.TRANSFER_CHANGED,
) -> None:
    """The same of many."""
    audit.record_many(
        actor=actor,
        action=action,
        rows=[(transfer, transfer.place, details) for transfer, details in steps],
    )
    days: dict[int, date] = {}
    for transfer, _ in steps:
        begun = transfer.issued_on or transfer.accepted_on
        if begun is not None:  # a draft is in no figure
            pk = transfer.place.pk
            days[pk] = min(begun, days.get(pk, begun))
    if days:
        facts_changed.send(
            sender=Transfer, organization_ids=set(days), since=min(days.values())
        )


def refuse_replaced(*transfers: Transfer) -> None:
    """Raise RuleError where another letter stands for one of these."""
    new = Transfer.objects.filter(replaces__in=transfers).order_by("pk").first()
    if new is not None:
        raise RuleError(
            f"这封介绍信已由{new.number}代替，原件作废，请在新的介绍信上办理。",
            code="replaced",
        )
