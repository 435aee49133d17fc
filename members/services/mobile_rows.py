"""What the steps of stays share: locked rows, the trail, the mark on the person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q

from config.lib.errors import RuleError
from config.lib.versions import check_version, save_versioned
from members.choices.mobile import MobileState
from members.contact_sources import last_contacts
from members.models import Member, MobileStay
from members.services.members import mark_facts
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed

_DOUBLE = (
    "该同志已有一条没有结束的流动登记，不能重复登记；看不到那一条的，请联系街道核对。"
)
_OTHER_SIDE = "这一步由另一方党支部办理，您的岗位不能代办。"
_UNIQUE = ("mobilestay_one_open", "mobilestay_person_once", "UNIQUE")


def locked(stay_id: int, actor: User, version: int | None) -> MobileStay:
    """Return the stay in scope, locked. Raises MobileStay.DoesNotExist, StaleError.

    The person first: whoever writes down a contact locks in that order.
    """
    found = MobileStay.objects.visible_to(actor).get(pk=stay_id)
    person = Q(pk=found.member_id)
    if found.id_index:
        person |= Q(id_index=found.id_index)
    of_person = Member._base_manager.filter(person).order_by("pk")
    list(of_person.select_for_update(of=("self",), no_key=True))
    stay = (
        MobileStay.objects.visible_to(actor)
        .select_related("member", "home", "host")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=stay_id)
    )
    check_version(stay, version)
    return stay


def require_side(stay: MobileStay, actor: User, *sides: str) -> None:
    """Raise PermissionDenied unless the actor keeps one of the named sides."""
    named = [getattr(stay, side) for side in sides]
    # A side that is not of the street asks nothing here: the step's rule refuses.
    if not any(named):
        named = [stay.home, stay.host]
    places = [place for place in named if place is not None]
    if not any(actor.has_right_at(Right.EDIT_MEMBERS, place) for place in places):
        raise PermissionDenied(_OTHER_SIDE)


def insert(stay: MobileStay) -> None:
    """Write a new stay; RuleError where the person has one that is open."""
    stay.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            stay.save(force_insert=True)
    except IntegrityError as error:
        # SQLite names the columns, PostgreSQL the constraint.
        if not any(name in str(error) for name in _UNIQUE):
            raise
        raise refuse_double() from None


def refuse_double() -> RuleError:
    return RuleError(_DOUBLE, code="mobile_double")


def save(stay: MobileStay) -> None:
    """Write a row that is locked and was checked; counts its version up."""
    stay.full_clean(exclude=["home", "host", "member", "verified_by", "registered_by"])
    save_versioned(stay, version=stay.version)


def tell(
    stay: MobileStay,
    actor: User | None,
    action: AuditAction = AuditAction.MOBILE_CHANGED,
    *,
    before: Collection[int | None] = (),
    since: date | None = None,
    **details: Any,
) -> None:
    """Write one step to the trail, and mark the figures of both sides.

    `before` are organizations that kept a side until now; figures change since the
    stay began, or `since`.
    """
    audit.record(
        actor=actor,
        action=action,
        target=stay,
        organization=stay.host or stay.home,
        details=details,
    )
    facts_changed.send(
        sender=MobileStay,
        organization_ids={*before, stay.home_id, stay.host_id} - {None},
        since=since or stay.started_on,
    )


def mark_mobile(member: Member | None, is_mobile: bool) -> None:
    """Set what the lists show of a person, and say that figures change with it."""
    if member is None or member.is_mobile == is_mobile:
        return
    member.is_mobile = is_mobile
    member.version += 1
    member.save(update_fields=["is_mobile", "version", "updated_at"])
    mark_facts(member)


def latest_contact(member: Member | None, at_least: date) -> date:
    """The day of the latest contact of whatever source, or `at_least`."""
    if member is None:
        return at_least
    return max(last_contacts([member.pk]).get(member.pk, at_least), at_least)


def finish(stay: MobileStay, reason: str, ended_on: date, note: str) -> None:
    """Write the end of a stay; the caller tells it, and ends the relation."""
    set_end(stay, reason, ended_on, note)
    save(stay)
    mark_mobile(stay.member, False)


def set_end(stay: MobileStay, reason: str, ended_on: date, note: str = "") -> None:
    stay.state = MobileState.ENDED
    stay.end_reason = reason
    # A stay that is known only later than it ended, ends as it begins.
    stay.ended_on = max(ended_on, stay.started_on)
    stay.closing_note = note[:200]


def street_of(organization: Organization) -> str:
    return organization.path[:6]
