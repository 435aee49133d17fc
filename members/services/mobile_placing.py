"""Taking somebody whose identity is verified into a branch."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members import rules as people
from members.choices import AffiliationKind, Category, StartReason
from members.choices.mobile import MobileState
from members.models import Member, MobileStay
from members.rules import mobile as rules
from members.services.affiliations import branch_for_change, open_affiliation
from members.services.claims import queue_claim
from members.services.members import add_member
from members.services.mobile_rows import (
    latest_contact,
    locked,
    mark_mobile,
    refuse_double,
    require_side,
    save,
    tell,
)
from organizations.models import Organization, User

SOURCE = "流入党员编入支部"


class _ElsewhereError(Exception):
    """The person has a file that the actor does not see."""

    def __init__(self, member_id: int) -> None:
        super().__init__(member_id)
        self.member_id = member_id


def place_stay(
    *,
    stay_id: int,
    organization_id: int,
    placed_on: date,
    group_name: str = "",
    version: int | None = None,
    actor: User,
) -> MobileStay:
    """Take somebody whose identity is verified into a branch.

    The relation opens in the same transaction, and with it the person's file where
    the street has none. For somebody it has, out of the actor's scope, a claim stays
    for the street (RuleError "needs_street").
    """
    try:
        with transaction.atomic():
            return _place(
                stay_id, organization_id, placed_on, group_name, version, actor
            )
    except _ElsewhereError as elsewhere:
        queue_claim(
            member_id=elsewhere.member_id,
            organization_id=organization_id,
            kind=AffiliationKind.MOBILE_IN,
            source=SOURCE,
            actor=actor,
        )
    # Outside the handler: a traceback must not carry the other person's number.
    raise RuleError(people.NEEDS_STREET, code="needs_street")


def _place(
    stay_id: int,
    organization_id: int,
    placed_on: date,
    group_name: str,
    version: int | None,
    actor: User,
) -> MobileStay:
    stay = locked(stay_id, actor, version)
    require_side(stay, actor, "host")
    rules.check_next(stay.state, MobileState.PLACED)
    assert stay.verified_on is not None
    today = timezone.localdate()
    rules.check_placed(placed_on, verified_on=stay.verified_on, today=today)
    branch = branch_for_change(organization_id, actor)
    rules.check_branch(branch.pk, stay.home_id, str(branch))
    member = stay.member or _known(stay, actor)
    before = {stay.host_id}
    if member is None:
        member = _new_member(stay, branch, placed_on, actor)
    elif not _is_there(member, branch):
        people.check_return(member.status)
        open_affiliation(
            member=member,
            organization=branch,
            kind=AffiliationKind.MOBILE_IN,
            starts_on=placed_on,
            start_reason=StartReason.FLOWED_IN,
            actor=actor,
        )
    # What follows a relation has placed him already, but not with his group.
    stay.refresh_from_db()
    if stay.state != MobileState.PLACED:
        put_in(stay, member, branch, placed_on)
    stay.group_name = group_name.strip()
    save(stay)
    tell(stay, actor, before=before, mobile_state=stay.state, on=str(placed_on))
    return stay


def put_in(
    stay: MobileStay, member: Member, branch: Organization, placed_on: date
) -> None:
    """Link a verified stay with the person's file and the branch; does not tell."""
    stay.member, stay.host, stay.placed_on = member, branch, placed_on
    stay.state = MobileState.PLACED
    # The file holds them now, once.
    stay.id_number = stay.id_index = stay.phone = ""
    stay.last_contact_on = latest_contact(member, stay.last_contact_on)
    save(stay)
    mark_mobile(member, True)


def _known(stay: MobileStay, actor: User) -> Member | None:
    """The file of somebody from outside, where the actor may read it, locked."""
    member = (
        Member._base_manager.select_for_update(of=("self",), no_key=True)
        .filter(id_index=stay.id_index)
        .first()
    )
    if member is None:
        return None
    is_named = member.name == stay.name
    if not Member.objects.readable_by(actor).filter(pk=member.pk).exists():
        raise _ElsewhereError(member.pk)
    if not is_named:
        raise RuleError(
            f"这个身份证号在本街道登记的姓名是“{member.name}”，与登记的不同，请核对。",
            code="known_here",
        )
    if MobileStay.objects.open().filter(member=member).exists():
        raise refuse_double()
    return member


def _is_there(member: Member, branch: Organization) -> bool:
    held = member.affiliations.open().filter(organization=branch)
    if held.filter(kind=AffiliationKind.ON_ROLL).exists():
        rules.check_branch(branch.pk, branch.pk, str(branch))
    return held.filter(kind=AffiliationKind.MOBILE_IN).exists()


def _new_member(
    stay: MobileStay, branch: Organization, placed_on: date, actor: User
) -> Member:
    return add_member(
        organization_id=branch.pk,
        kind=AffiliationKind.MOBILE_IN,
        starts_on=placed_on,
        start_reason=StartReason.FLOWED_IN,
        source=SOURCE,
        actor=actor,
        name=stay.name,
        id_number=stay.id_number,
        ethnicity=stay.ethnicity,
        education=stay.education,
        category=Category.MOBILE,
        member_type=stay.member_type,
        joined_on=stay.joined_on,
        joined_precision=stay.joined_precision,
        phone=stay.phone,
        is_mobile=True,
    )
