"""Joint conferences: founded, joined by units, who sits for them, ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.versions import check_version
from liaison.choices.conferences import ConferenceLevel, DelegateRole
from liaison.models import (
    Conference,
    ConferenceDelegate,
    ConferenceMeeting,
    ConferenceSeat,
    MeetingLink,
)
from liaison.rules import conferences as rules
from members.services.reveal import check_reason, show_once
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Community, Organization, User, WorkUnit
from organizations.signals import facts_changed


@dataclass(frozen=True)
class ConferenceFacts:
    """What a conference is, apart from its members."""

    founded_on: date
    duties: str = ""
    liaison_name: str = ""
    liaison_phone: str = ""


@dataclass(frozen=True)
class DelegateFacts:
    """Who sits for a unit from a day on, and the notice that says so."""

    role: str
    name: str
    starts_on: date
    position: str = ""
    phone: str = ""
    notice: str = ""


@transaction.atomic
def found_conference(
    *,
    organization_id: int,
    facts: ConferenceFacts,
    actor: User,
    request_id: UUID | None = None,
) -> Conference:
    """Found the conference of a street or a community; each has one.

    A repeated `request_id` returns the one of the first time. Raises
    Organization.DoesNotExist out of scope, RuleError.
    """
    places = Organization.objects.with_right(actor, Right.KEEP_AGREEMENTS).open()
    organization = places.select_for_update(of=("self",), no_key=True).get(
        pk=organization_id
    )
    known = Conference.objects.filter(organization=organization).standing()
    if (standing := known.first()) is not None:
        if request_id is not None and standing.request_id == request_id:
            return standing
        raise RuleError(
            f"{organization}已有党建联席会，一个党组织只设一个。", code="organization"
        )
    conference = Conference(
        organization=organization,
        level=_level_of(organization),
        founded_by=actor,
        request_id=request_id,
    )
    _apply(conference, facts)
    conference.save()
    tell(conference, "founded", actor)
    return conference


@transaction.atomic
def amend_conference(
    *,
    conference_id: int,
    facts: ConferenceFacts,
    version: int | None = None,
    actor: User,
) -> Conference:
    """Change what it is; an empty phone leaves the one that stands.

    Raises Conference.DoesNotExist, StaleError, RuleError.
    """
    conference = locked_conference(conference_id, actor)
    check_version(conference, version)
    first = conference.seats.order_by("joined_on").first()
    if first is not None and facts.founded_on > first.joined_on:
        raise RuleError(
            f"成立日期不能晚于第一个成员单位的加入日期（{first.joined_on}）。",
            code="founded_on",
        )
    _apply(conference, facts)
    _save(conference)
    tell(conference, "amended", actor)
    return conference


@transaction.atomic
def end_conference(
    *,
    conference_id: int,
    ended_on: date,
    reason: str,
    version: int | None = None,
    actor: User,
) -> Conference:
    """End a conference; what was recorded stays. Raises as `amend_conference`."""
    conference = locked_conference(conference_id, actor)
    check_version(conference, version)
    today = timezone.localdate()
    rules.check_begin(
        ended_on, earliest=conference.founded_on, today=today, code="ended_on"
    )
    coming = ConferenceMeeting.objects.filter(conference=conference).coming(today)
    if coming.filter(held_at__isnull=True).exists():
        raise RuleError(
            "还有没有召开的会议，请先取消会议，再终止联席会。", code="coming"
        )
    if not reason.strip():
        raise RuleError("请写明终止的原因。", code="reason")
    conference.ended_on, conference.ended_reason = ended_on, reason.strip()
    _save(conference)
    tell(conference, "ended", actor)
    return conference


@transaction.atomic
def add_seats(
    *,
    conference_id: int,
    unit_ids: Sequence[int],
    organization_ids: Sequence[int],
    joined_on: date,
    actor: User,
) -> list[ConferenceSeat]:
    """Let units and organizations join; who is a member already stays as he is.

    Raises Conference.DoesNotExist, WorkUnit.DoesNotExist, Organization.DoesNotExist
    out of scope, RuleError.
    """
    conference = locked_conference(conference_id, actor)
    rules.check_begin(
        joined_on,
        earliest=conference.founded_on,
        today=timezone.localdate(),
        code="joined_on",
    )
    units = _all_of(WorkUnit.objects.visible_to(actor), unit_ids)
    places = _all_of(Organization.objects.visible_to(actor).open(), organization_ids)
    if conference.organization_id in places:
        raise RuleError("召集的党组织不用列为成员单位。", code="organizations")
    standing = list(conference.seats.open())
    rules.check_seats(len(standing), len(units) + len(places))
    for seat in standing:
        units.pop(seat.unit_id, None)
        places.pop(seat.organization_id, None)
    seats = [
        ConferenceSeat(conference=conference, unit=unit, joined_on=joined_on)
        for unit in units.values()
    ] + [
        ConferenceSeat(conference=conference, organization=place, joined_on=joined_on)
        for place in places.values()
    ]
    for seat in seats:
        seat.save()
    if seats:
        tell(conference, "seats_added", actor, count=len(seats))
    return seats


@transaction.atomic
def leave_seat(
    *, seat_id: int, left_on: date, reason: str, actor: User
) -> ConferenceSeat:
    """Let a unit leave: its delegates end and its links open nothing any more."""
    seat = locked_seat(seat_id, actor)
    rules.check_begin(
        left_on, earliest=seat.joined_on, today=timezone.localdate(), code="left_on"
    )
    if not reason.strip():
        raise RuleError("请写明退出的原因。", code="reason")
    _leave(seat, left_on, reason.strip())
    tell(seat.conference, "seat_left", actor)
    return seat


@transaction.atomic
def name_delegate(
    *,
    seat_id: int,
    facts: DelegateFacts,
    actor: User,
    request_id: UUID | None = None,
) -> ConferenceDelegate:
    """Name who sits for a unit; who did before ends that day and stays on record.

    A repeated `request_id` returns the one of the first time. Raises
    ConferenceSeat.DoesNotExist out of scope, RuleError.
    """
    seat = locked_seat(seat_id, actor)
    if request_id is not None:
        earlier = seat.delegates.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    before = seat.delegates.filter(role=facts.role, ends_on__isnull=True).first()
    rules.check_begin(
        facts.starts_on,
        earliest=before.starts_on if before else seat.joined_on,
        today=timezone.localdate(),
        code="starts_on",
    )
    if before is not None:
        if not facts.notice.strip():
            raise RuleError(
                f"更换{before.get_role_display()}凭单位通知，请写明通知的日期或文号。",
                code="notice",
            )
        before.ends_on = facts.starts_on
        before.save(update_fields=["ends_on"])
    delegate = ConferenceDelegate(
        seat=seat,
        role=DelegateRole(facts.role),
        name=facts.name.strip(),
        position=facts.position.strip(),
        phone=normalize_phone(facts.phone),
        starts_on=facts.starts_on,
        notice=facts.notice.strip(),
        recorded_by=actor,
        request_id=request_id,
    )
    delegate.clean_fields(exclude=["seat", "recorded_by"])
    delegate.save(force_insert=True)
    tell(seat.conference, "delegate_named", actor)
    return delegate


def reveal_delegate(*, delegate_id: int, reason: str, actor: User) -> str:
    """Return the whole phone of a delegate, for a reason that is written down.

    Raises ConferenceDelegate.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    reason = check_reason(reason)
    delegate = (
        ConferenceDelegate.objects.visible_to(actor)
        .select_related("seat__conference__organization")
        .get(pk=delegate_id)
    )
    place = delegate.seat.conference.organization
    is_open = actor.has_right_at(Right.REVEAL_CONTACT, place)
    return show_once(delegate, "phone", reason, actor, is_open=is_open)


def locked_conference(conference_id: int, actor: User) -> Conference:
    """A standing conference that `actor` keeps, locked."""
    rows = Conference.objects.visible_to(actor).select_related("organization")
    conference = rows.select_for_update(of=("self",), no_key=True).get(pk=conference_id)
    require(actor, Right.KEEP_AGREEMENTS, conference.organization)
    if conference.ended_on is not None:
        raise RuleError("联席会已经终止，不再变动。", code="ended")
    return conference


def locked_seat(seat_id: int, actor: User) -> ConferenceSeat:
    """A member's seat, with its conference locked."""
    seen = ConferenceSeat.objects.visible_to(actor).named()
    conference = locked_conference(seen.get(pk=seat_id).conference_id, actor)
    seat = seen.get(pk=seat_id)
    if seat.left_on is not None:
        raise RuleError(f"{seat}已退出联席会。", code="left")
    seat.conference = conference
    return seat


def tell(conference: Conference, step: str, actor: User | None, **details: int) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.CONFERENCE_SAVED,
        target=conference,
        organization=conference.organization,
        details={"conference_step": step, **details},
    )


def hand_over_conferences(*, source: Organization, target: Organization) -> None:
    """Let the one an organization merges into keep its conference and its seats.

    Where both have one, the source's ends and stays on record. In the caller's
    transaction.
    """
    today = timezone.localdate()
    mine = Conference.objects.filter(organization=source)
    if Conference.objects.filter(organization=target).standing().exists():
        mine.standing().update(ended_on=today, ended_reason=f"并入{target}")
    first = mine.order_by("founded_on").values_list("founded_on", flat=True).first()
    mine.update(organization=target)
    if first is not None:
        facts_changed.send(
            sender=Conference, organization_ids={source.pk, target.pk}, since=first
        )
    for seat in ConferenceSeat.objects.filter(organization=source).open():
        own = seat.conference
        is_own = own.organization_id == target.pk
        if is_own or own.seats.open().filter(organization=target).exists():
            _leave(seat, today, f"并入{target}")
        else:
            seat.organization = target
            seat.save(update_fields=["organization"])


def leave_seats_of(organization: Organization, today: date) -> None:
    """Let an organization that closes leave every conference. As above."""
    for seat in ConferenceSeat.objects.filter(organization=organization).open():
        _leave(seat, today, "党组织撤销")


def _leave(seat: ConferenceSeat, left_on: date, reason: str) -> None:
    now = timezone.now()
    seat.left_on, seat.left_reason = left_on, reason
    seat.save(update_fields=["left_on", "left_reason"])
    for delegate in seat.delegates.filter(ends_on__isnull=True):
        delegate.ends_on = max(left_on, delegate.starts_on)
        delegate.save(update_fields=["ends_on"])
    MeetingLink.objects.filter(seat=seat, revoked_at__isnull=True).update(
        revoked_at=now
    )


def _level_of(organization: Organization) -> str:
    if organization.parent_id is None:
        return ConferenceLevel.STREET
    if Community.objects.filter(organization=organization).exists():
        return ConferenceLevel.COMMUNITY
    raise RuleError(
        "党建联席会设在街道和社区两级，请选街道党工委或者社区党组织。",
        code="organization",
    )


def _apply(conference: Conference, facts: ConferenceFacts) -> None:
    today = timezone.localdate()
    if facts.founded_on > today:
        raise RuleError("成立日期不能晚于今天。", code="founded_on")
    conference.founded_on, conference.duties = facts.founded_on, facts.duties.strip()
    conference.liaison_name = facts.liaison_name.strip()
    if phone := normalize_phone(facts.liaison_phone):
        conference.liaison_phone = phone
    conference.clean_fields(exclude=["organization", "founded_by"])


def _save(conference: Conference) -> None:
    conference.version += 1
    conference.save()


def _all_of(rows: Any, ids: Sequence[int]) -> dict[int | None, Any]:
    found = {row.pk: row for row in rows.filter(pk__in=ids)}
    if len(found) != len(set(ids)):
        raise rows.model.DoesNotExist
    return found
