"""Members who live or work away: registered by both sides, verified, placed, ended."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from members import rules as people
from members.choices import AffiliationKind
from members.choices.mobile import MobileDirection, MobileState
from members.models import Affiliation, MobileStay
from members.rules import mobile as rules
from members.services.affiliations import (
    close_affiliation,
    open_for_change,
    tell_of_places,
)
from members.services.mobile_rows import (
    finish,
    insert,
    latest_contact,
    locked,
    mark_mobile,
    refuse_double,
    require_side,
    save,
    street_of,
    tell,
)
from organizations.access import Right, require
from organizations.choices import AuditAction, OrganizationKind
from organizations.models import Organization, User


@dataclass(frozen=True)
class Course:
    """What both sides write down of a stay."""

    reason: str
    started_on: date
    division: str = ""
    place: str = ""
    work: str = ""
    expected_end_on: date | None = None
    home_name: str = ""
    home_contact: str = ""
    home_phone: str = ""
    host_name: str = ""
    host_contact: str = ""
    host_phone: str = ""
    card_number: str = ""
    card_issued_on: date | None = None

    def check(self, direction: str) -> None:
        """Raise RuleError unless a stay of this direction can be so."""
        today = timezone.localdate()
        rules.check_days(self.started_on, self.expected_end_on, today=today)
        rules.check_division(self.division, direction)
        rules.check_card(self.card_number, self.card_issued_on, today=today)

    def put(self, stay: MobileStay) -> None:
        """Write it into the row; a side that is of the street has no name of text."""
        for name, value in asdict(self).items():
            setattr(stay, name, value.strip() if isinstance(value, str) else value)
        for side in ("home", "host"):
            phone = getattr(stay, f"{side}_phone")
            setattr(stay, f"{side}_phone", normalize_phone(phone) if phone else "")
            if getattr(stay, f"{side}_id"):
                setattr(stay, f"{side}_name", "")
        if stay.direction == MobileDirection.WITHIN:
            stay.division = ""


@dataclass(frozen=True)
class Person:
    """What somebody from outside says of himself."""

    name: str
    id_number: str
    member_type: str
    joined_on: date
    joined_precision: str = "day"
    ethnicity: str = "Han"
    education: str = ""
    phone: str = ""


@transaction.atomic
def register_out(
    *, affiliation_id: int, course: Course, host_id: int | None = None, actor: User
) -> MobileStay:
    """Write down that a member of the roll is away; he stays on it.

    `host_id` is the committee or branch of this street that he lives with now, None
    outside of it. Raises Affiliation.DoesNotExist out of scope, PermissionDenied,
    RuleError.
    """
    affiliation = open_for_change(affiliation_id, actor)
    rules.check_roll(affiliation.kind)
    home, member = affiliation.organization, affiliation.member
    host = _host_within(host_id, home) if host_id else None
    is_within = host is not None
    stay = MobileStay(
        member=member,
        direction=MobileDirection.WITHIN if is_within else MobileDirection.OUT,
        state=MobileState.REGISTERED if is_within else MobileState.AWAY,
        home=home,
        host=host,
    )
    return _register(stay, course, actor)


@transaction.atomic
def register_in(
    *, organization_id: int, person: Person, course: Course, actor: User
) -> MobileStay:
    """Write down somebody who came to live here; nobody's branch holds him yet.

    Whose number and name are on a roll of this street needs no second record: the
    stay is one, and the branch of the roll sees where he is. Raises
    Organization.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    host = Organization.objects.visible_to(actor).open().get(pk=organization_id)
    require(actor, Right.EDIT_MEMBERS, host)
    today = timezone.localdate()
    identity = people.identity_fields(person.id_number, today=today)
    named = people.name_fields(person.name)["name"]
    roll = _roll_in_street(identity["id_index"], named, host)
    if roll is None:
        stay = MobileStay(
            direction=MobileDirection.IN, state=MobileState.REGISTERED, host=host
        )
        _put_person(stay, person, named, identity, today)
        return _register(stay, course, actor)
    rules.check_branch(host.pk, roll.organization_id, str(roll.organization))
    known = (
        MobileStay.objects.open()
        .filter(member=roll.member)
        .select_related("member", "home", "host")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if known is not None:
        return _meet(known, host, course, actor)
    stay = MobileStay(
        member=roll.member,
        direction=MobileDirection.WITHIN,
        state=MobileState.REGISTERED,
        home=roll.organization,
        host=host,
    )
    return _register(stay, course, actor)


@transaction.atomic
def amend_stay(
    *, stay_id: int, course: Course, version: int | None = None, actor: User
) -> MobileStay:
    """Mend or complete what is written down, the card included."""
    stay = locked(stay_id, actor, version)
    require_side(stay, actor, "home", "host")
    rules.check_open(stay.state)
    course.check(stay.direction)
    began = stay.started_on
    course.put(stay)
    save(stay)
    since = min(began, stay.started_on)
    tell(stay, actor, AuditAction.MOBILE_AMENDED, since=since)
    return stay


@transaction.atomic
def verify_stay(
    *,
    stay_id: int,
    proof: str,
    verified_on: date,
    words: str = "",
    version: int | None = None,
    actor: User,
) -> MobileStay:
    """Write down by what, by whom and when somebody's membership was verified."""
    stay = locked(stay_id, actor, version)
    require_side(stay, actor, "host")
    rules.check_next(stay.state, MobileState.VERIFIED)
    rules.check_verified(proof, verified_on, today=timezone.localdate())
    stay.state = MobileState.VERIFIED
    stay.proof, stay.proof_words = proof, words.strip()
    stay.verified_on, stay.verified_by = verified_on, actor
    # Whoever brought his papers was spoken to.
    stay.last_contact_on = max(stay.last_contact_on, verified_on)
    save(stay)
    tell(stay, actor, mobile_state=stay.state, proof=proof, on=str(verified_on))
    return stay


@transaction.atomic
def end_stay(
    *,
    stay_id: int,
    end_reason: str,
    ended_on: date,
    words: str = "",
    version: int | None = None,
    actor: User,
) -> MobileStay:
    """End a stay from either side; `ended_on` is the first day that no longer counts.

    The relation to the branch that took the person in ends with it.
    """
    stay = locked(stay_id, actor, version)
    require_side(stay, actor, "home", "host")
    rules.check_next(stay.state, MobileState.ENDED)
    rules.check_end(
        end_reason, ended_on, started_on=stay.started_on, today=timezone.localdate()
    )
    finish(stay, end_reason, ended_on, words.strip())
    held = relation_of(stay)
    if held is not None:
        reason = rules.RELATION_ENDS[end_reason]
        day = max(ended_on, held.starts_on)
        close_affiliation(held, day, reason, words.strip(), actor)
        tell_of_places([held.member_id])
    tell(
        stay,
        actor,
        mobile_state=stay.state,
        mobile_end=end_reason,
        on=str(stay.ended_on),
    )
    return stay


def relation_of(stay: MobileStay) -> Affiliation | None:
    """The open relation to the branch that took the person in, locked."""
    if stay.member_id is None or stay.host_id is None:
        return None
    return (
        Affiliation.objects.open()
        .filter(
            member_id=stay.member_id,
            organization_id=stay.host_id,
            kind=AffiliationKind.MOBILE_IN,
        )
        .select_related("organization", "member")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )


def _register(stay: MobileStay, course: Course, actor: User) -> MobileStay:
    course.check(stay.direction)
    course.put(stay)
    stay.registered_on = timezone.localdate()
    stay.registered_by = actor
    stay.last_contact_on = latest_contact(stay.member, stay.registered_on)
    insert(stay)
    mark_mobile(stay.member, True)
    tell(stay, actor, AuditAction.MOBILE_REGISTERED, mobile_way=stay.direction)
    return stay


def _meet(
    stay: MobileStay, host: Organization, course: Course, actor: User
) -> MobileStay:
    """The branch of the roll wrote him down already: its record gets the other side."""
    if stay.direction != MobileDirection.OUT:
        raise refuse_double()
    rules.check_next(stay.state, MobileState.REGISTERED)
    stay.direction, stay.state = MobileDirection.WITHIN, MobileState.REGISTERED
    stay.host, stay.host_name, stay.division = host, "", ""
    stay.host_contact, stay.host_phone = course.host_contact, course.host_phone
    save(stay)
    tell(stay, actor, mobile_state=stay.state)
    return stay


def _put_person(
    stay: MobileStay, person: Person, named: str, identity: dict[str, Any], today: date
) -> None:
    people.check_membership(
        member_type=person.member_type,
        born_on=identity["born_on"],
        joined_on=person.joined_on,
        confirmed_on=None,
        today=today,
    )
    stay.name = named
    stay.id_number, stay.id_index = identity["id_number"], identity["id_index"]
    stay.phone = normalize_phone(person.phone) if person.phone else ""
    stay.ethnicity, stay.education = person.ethnicity, person.education
    stay.member_type = person.member_type
    stay.joined_on, stay.joined_precision = person.joined_on, person.joined_precision


def _roll_in_street(id_index: str, name: str, host: Organization) -> Affiliation | None:
    """The roll of this street that somebody of this number and name is on, locked."""
    roll = (
        Affiliation.objects.open()
        .filter(member__id_index=id_index, kind=AffiliationKind.ON_ROLL)
        .select_related("organization", "member")
        .select_for_update(of=("self", "member"), no_key=True)
        .first()
    )
    # A wrong name tells nothing: who guesses numbers learns of nobody.
    if roll is None or roll.member.name != name:
        return None
    if street_of(roll.organization) != street_of(host):
        return None
    return roll


def _host_within(host_id: int, home: Organization) -> Organization:
    host = Organization.objects.open().filter(pk=host_id).first()
    if host is None or street_of(host) != street_of(home):
        raise RuleError("流入的党组织不在本街道，请写在“流入地党组织”里。", code="host")
    rules.check_branch(host.pk, home.pk, str(home))
    return host


def hosts_within(user: User) -> Any:
    """Organizations that may write down somebody who came: committees and branches."""
    return (
        Organization.objects.with_right(user, Right.EDIT_MEMBERS)
        .open()
        .exclude(kind=OrganizationKind.GROUP)
        .order_by("path")
    )
