"""What rooms are used for: booked, cancelled, opened, an opening withdrawn.

Whoever books or cancels holds the room's row, so that of two who want the same hour
the second meets the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.paths import ancestors, is_within
from organizations import parameters
from organizations import room_rules as rules
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import (
    Organization,
    Room,
    RoomBooking,
    RoomOpening,
    User,
)
from organizations.room_parameters import AHEAD_DAYS
from organizations.room_querysets import USERS
from organizations.services.rooms import check_in_use, kept_room, locked_room, tell

MOST_PEOPLE = 10_000


@dataclass(frozen=True)
class UseFacts:
    """A time of one day, and what for."""

    held_on: date
    starts_at: time
    ends_at: time
    purpose: str


@dataclass(frozen=True)
class OpeningFacts(UseFacts):
    """What was done, and how many came, by kind of member."""

    in_post: int = 0
    mobile: int = 0
    on_roll: int = 0
    others: int = 0
    is_checked: bool = False
    words: str = ""
    keeper_name: str = ""


@transaction.atomic
def book_room(
    *,
    room_id: int,
    organization_id: int,
    facts: UseFacts,
    people: int | None = None,
    actor: User,
    request_id: UUID | None = None,
) -> RoomBooking:
    """Book a room for an organization where the actor may book.

    A repeated `request_id` returns the booking of the first time. Raises
    Room.DoesNotExist, Organization.DoesNotExist, RuleError where it is taken.
    """
    room = locked_room(room_id, actor)
    places = Organization.objects.with_right(actor, Right.BOOK_ROOMS).open()
    organization = places.get(pk=organization_id)
    if request_id is not None:
        earlier = room.bookings.filter(request_id=request_id, booked_by=actor).first()
        if earlier is not None:
            return earlier
    check_in_use(room)
    if ancestors(organization.path)[0] != ancestors(room.organization.path)[0]:
        raise RuleError("活动室不在本街道，不能预订。", code="organization")
    _check_use(facts)
    rules.check_booking_day(
        facts.held_on, today=timezone.localdate(), ahead=parameters.get(AHEAD_DAYS)
    )
    _check_free(room, facts, actor)
    booking = RoomBooking(
        room=room,
        organization=organization,
        people=people,
        booked_by=actor,
        request_id=request_id,
    )
    _apply(booking, facts)
    booking.save(force_insert=True)
    tell(room, "booked", actor, action=AuditAction.ROOM_USED)
    return booking


@transaction.atomic
def cancel_booking(*, booking_id: int, reason: str, actor: User) -> RoomBooking:
    """Give a booking back, by who booked for the organization or keeps the room.

    Raises RoomBooking.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    room = locked_room(_room_of(RoomBooking, booking_id, actor), actor)
    booking = room.bookings.select_related("organization").get(pk=booking_id)
    if not may_cancel(booking, room, actor):
        raise PermissionDenied("别的党组织的预订，由他们自己或者活动室管理单位取消。")
    if booking.cancelled_at is not None:
        raise RuleError("这个预订已经取消。", code="cancelled")
    if booking.openings.standing().exists():
        raise RuleError(
            "这个预订已经登记开放，不能取消；登记有误的，先撤回开放记录。",
            code="opened",
        )
    if not reason.strip():
        raise RuleError("请写明取消的原因。", code="reason")
    booking.cancelled_at, booking.cancelled_reason = timezone.now(), reason.strip()
    booking.save(update_fields=["cancelled_at", "cancelled_reason"])
    tell(room, "booking_cancelled", actor, action=AuditAction.ROOM_USED)
    return booking


def may_cancel(booking: RoomBooking, room: Room, actor: User) -> bool:
    return actor.has_right_at(
        Right.BOOK_ROOMS, booking.organization
    ) or actor.has_right_at(Right.KEEP_ROOMS, room.organization)


@transaction.atomic
def record_opening(
    *,
    room_id: int,
    facts: OpeningFacts,
    booking_id: int | None = None,
    actor: User,
    request_id: UUID | None = None,
) -> RoomOpening:
    """Write into the log that a room was open, for a booking or without one.

    A repeated `request_id` returns the record of the first time. Raises
    Room.DoesNotExist, RoomBooking.DoesNotExist, PermissionDenied, RuleError.
    """
    room = kept_room(room_id, actor)
    if request_id is not None:
        earlier = room.openings.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    _check_use(facts)
    rules.check_opening(
        facts.held_on,
        facts.starts_at,
        now=timezone.localtime(),
        opened_on=room.opened_on,
        closed_on=room.closed_on,
    )
    if any(not 0 <= getattr(facts, name) <= MOST_PEOPLE for name in USERS):
        raise RuleError(f"人数应在0到{MOST_PEOPLE}之间，请核对。", code="in_post")
    opening = RoomOpening(
        room=room,
        booking=_booking_used(room, booking_id),
        recorded_by=actor,
        request_id=request_id,
        is_checked=facts.is_checked,
        words=facts.words.strip(),
        keeper_name=clean_text(facts.keeper_name),
        **{name: getattr(facts, name) for name in USERS},
    )
    _apply(opening, facts)
    _check_once(room, opening)
    opening.save(force_insert=True)
    tell(room, "opened", actor, since=opening.held_on, action=AuditAction.ROOM_USED)
    return opening


@transaction.atomic
def withdraw_opening(*, opening_id: int, reason: str, actor: User) -> RoomOpening:
    """Take a wrong record back, and say why; it counts no more and stays to be seen."""
    room = kept_room(_room_of(RoomOpening, opening_id, actor), actor)
    opening = room.openings.get(pk=opening_id)
    if opening.withdrawn_at is not None:
        raise RuleError("这条开放记录已经撤回。", code="withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    opening.withdrawn_at, opening.withdrawn_reason = timezone.now(), reason.strip()
    opening.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    tell(room, "withdrawn", actor, since=opening.held_on, action=AuditAction.ROOM_USED)
    return opening


# What the services share -----------------------------------------------------


def _room_of(model: type[RoomBooking] | type[RoomOpening], pk: int, actor: User) -> int:
    rows = model.objects.visible_to(actor)  # type: ignore[attr-defined]
    return rows.values_list("room_id", flat=True).get(pk=pk)


def _check_use(facts: UseFacts) -> None:
    rules.check_times(facts.starts_at, facts.ends_at)
    if not facts.purpose.strip():
        raise RuleError("请填写用途。", code="purpose")


def _apply(row: RoomBooking | RoomOpening, facts: UseFacts) -> None:
    row.held_on, row.purpose = facts.held_on, clean_text(facts.purpose)
    row.starts_at, row.ends_at = facts.starts_at, facts.ends_at


def _check_free(room: Room, facts: UseFacts, actor: User) -> None:
    """Refuse a time that is taken; by whom is told to those who may know."""
    taken = room.bookings.meeting(facts.held_on, facts.starts_at, facts.ends_at)
    other = taken.select_related("organization").first()
    if other is None:
        return
    is_seen = any(
        is_within(other.organization.path, root) for root in actor.structure_paths
    )
    who = str(other.organization) if is_seen else "其他党组织"
    raise RuleError(
        f"{other.held_on} {other.times}已被{who}预订，请换一个时间，"
        "或者请对方先取消预订。",
        code="starts_at",
    )


def _booking_used(room: Room, booking_id: int | None) -> RoomBooking | None:
    if booking_id is None:
        return None
    booking = room.bookings.get(pk=booking_id)
    if booking.cancelled_at is not None:
        raise RuleError(
            "这个预订已经取消；活动室确实开放过的，请直接登记开放。", code="booking"
        )
    if booking.openings.standing().exists():
        raise RuleError("这个预订已经登记过开放，不用再登记。", code="booking")
    return booking


def _check_once(room: Room, opening: RoomOpening) -> None:
    """The same hours of a day are one opening, whoever writes it down again."""
    same = room.openings.standing().filter(
        held_on=opening.held_on, starts_at=opening.starts_at, ends_at=opening.ends_at
    )
    if same.exists():
        raise RuleError(
            f"{opening.held_on} {opening.times}已经登记过开放；"
            "登记有误的，先撤回那条记录。",
            code="starts_at",
        )
