"""A letter from outside brings somebody onto the roll of a branch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members import rules as people
from members.choices import (
    AffiliationKind,
    StartReason,
    TransferDirection,
    TransferState,
)
from members.models import Member, Talent, Transfer
from members.parameters import MOST_DAYS
from members.rules import transfers as rules
from members.services.affiliations import (
    branch_for_change,
    end_at,
    open_affiliation,
)
from members.services.claims import queue_claim
from members.services.dues import open_by_letter
from members.services.members import add_member
from members.services.transfer_rows import tell
from organizations import parameters
from organizations.models import Organization, User

SOURCE = "凭介绍信转入"


@dataclass(frozen=True)
class Incoming:
    """The letter that somebody brings, as it is written."""

    foreign_number: str
    source_name: str
    issued_on: date
    valid_days: int
    dues_paid_to: date
    destination: str
    reason: str = ""


class _ElsewhereError(Exception):
    """The person is on a roll that the actor does not see."""

    def __init__(self, member_id: int) -> None:
        super().__init__(member_id)
        self.member_id = member_id


def receive_transfer(
    *,
    organization_id: int,
    letter: Incoming,
    accepted_on: date,
    talents: Iterable[Talent] | None = None,
    actor: User,
    **fields: Any,
) -> Transfer:
    """Take somebody onto the roll of a branch by a letter from outside the street.

    `fields` are those of `add_member`; of somebody who has a file in the street
    already only the ID number and the name are looked at, and the file goes on.
    Raises Organization.DoesNotExist out of scope, PermissionDenied, RuleError; for
    somebody on another roll (code "needs_street") a claim stays for street staff.
    """
    try:
        with transaction.atomic():
            return _receive(
                organization_id, letter, accepted_on, talents, actor, fields
            )
    except _ElsewhereError as elsewhere:
        queue_claim(
            member_id=elsewhere.member_id,
            organization_id=organization_id,
            kind=AffiliationKind.ON_ROLL,
            source=f"{SOURCE} {letter.foreign_number}",
            actor=actor,
        )
    # Outside the handler: a traceback must not carry the other person's number.
    raise RuleError(people.NEEDS_STREET, code="needs_street")


def _receive(
    organization_id: int,
    letter: Incoming,
    accepted_on: date,
    talents: Iterable[Talent] | None,
    actor: User,
    fields: dict[str, Any],
) -> Transfer:
    today = timezone.localdate()
    last_day = rules.check_received(
        accepted_on,
        issued_on=letter.issued_on,
        valid_days=letter.valid_days,
        most=parameters.get(MOST_DAYS),
        today=today,
    )
    rules.check_dues(letter.dues_paid_to, today)
    rules.check_foreign(letter.foreign_number, letter.source_name)
    target = branch_for_change(organization_id, actor)
    identity = people.identity_fields(fields.get("id_number", ""), today=today)
    known = _known(identity["id_index"])
    if known is None:
        member = add_member(
            organization_id=target.pk,
            kind=AffiliationKind.ON_ROLL,
            starts_on=accepted_on,
            start_reason=StartReason.TRANSFERRED_IN,
            talents=talents,
            actor=actor,
            **fields,
        )
    else:
        member = known
        _take_over(member, target, letter, accepted_on, actor, fields["name"])
    transfer = Transfer(
        member=member,
        target=target,
        direction=TransferDirection.IN,
        state=TransferState.ACCEPTED,
        destination=letter.destination,
        source_name=letter.source_name.strip(),
        foreign_number=letter.foreign_number.strip(),
        issued_on=letter.issued_on,
        valid_days=letter.valid_days,
        last_day=last_day,
        dues_paid_to=letter.dues_paid_to.replace(day=1),
        accepted_on=accepted_on,
        ended_on=accepted_on,
        reason=letter.reason,
        drafted_by=actor,
    )
    transfer.save(force_insert=True)
    open_by_letter(member, transfer.dues_paid_to)
    tell(transfer, actor, transfer_state=transfer.state, on=str(accepted_on))
    return transfer


def _known(id_index: str) -> Member | None:
    """The person of this number, in scope or not, locked."""
    return (
        Member._base_manager.select_for_update(of=("self",), no_key=True)
        .filter(id_index=id_index)
        .first()
    )


def _take_over(
    member: Member,
    target: Organization,
    letter: Incoming,
    accepted_on: date,
    actor: User,
    name: str,
) -> None:
    """Open the roll of somebody who has a file in the street already.

    Who brings a letter, the right number and the right name need not be settled by
    the street first, unless another branch still has him on its roll.
    """
    is_seen = Member.objects.readable_by(actor).filter(pk=member.pk).exists()
    roll = (
        member.affiliations.open()
        .filter(kind=AffiliationKind.ON_ROLL)
        .select_related("organization")
        .first()
    )
    is_same_name = people.name_fields(name)["name"] == member.name
    if not is_seen and (roll is not None or not is_same_name):
        raise _ElsewhereError(member.pk)
    if not is_same_name:
        raise RuleError(
            f"这个身份证号在本街道登记的姓名是“{member.name}”，与填写的不同，请核对。",
            code="known_here",
        )
    if roll is not None:
        raise RuleError(
            f"{member}现在册于{roll.organization}，不用介绍信；"
            "请在该同志的档案页办理“街道内转接”。",
            code="known_here",
        )
    people.check_return(member.status)
    end_at(target, member, accepted_on, "转为在册", actor)
    open_affiliation(
        member=member,
        organization=target,
        kind=AffiliationKind.ON_ROLL,
        starts_on=accepted_on,
        start_reason=StartReason.TRANSFERRED_IN,
        note=f"介绍信{letter.foreign_number}",
        actor=actor,
    )
