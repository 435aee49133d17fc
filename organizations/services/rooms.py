"""Activity rooms: registered, amended, taken out of use and back, handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.paths import is_within
from config.lib.versions import check_version, save_versioned
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import (
    Building,
    Community,
    Organization,
    Room,
    RoomBooking,
    RoomStation,
    User,
)
from organizations.room_choices import StationKind
from organizations.room_rules import Span, stored_hours
from organizations.signals import facts_changed

FIRST_DAY = date(1949, 10, 1)


@dataclass(frozen=True)
class StationFacts:
    kind: str
    service: str = ""
    keeper_name: str = ""
    keeper_phone: str = ""


@dataclass(frozen=True)
class RoomFacts:
    """What a room is, apart from who keeps it."""

    name: str
    opened_on: date
    place: str = ""
    building_id: int | None = None
    capacity: int | None = None
    hours: Sequence[Span] = ()
    keeper_name: str = ""
    keeper_phone: str = ""
    stations: Sequence[StationFacts] = ()


@transaction.atomic
def create_room(
    *,
    organization_id: int,
    facts: RoomFacts,
    actor: User,
    request_id: UUID | None = None,
) -> Room:
    """Register a room. A repeated `request_id` returns the room of the first time.

    Raises Organization.DoesNotExist out of scope, Building.DoesNotExist, RuleError.
    """
    organization = _locked_place(organization_id, actor)
    if request_id is not None:
        earlier = Room.objects.kept_by(actor).filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    room = Room(organization=organization, created_by=actor, request_id=request_id)
    _apply(room, facts, actor)
    room.save(force_insert=True)
    _write_stations(room, facts.stations)
    tell(room, "created", actor, since=room.opened_on)
    return room


@transaction.atomic
def amend_room(
    *, room_id: int, facts: RoomFacts, version: int | None = None, actor: User
) -> Room:
    """Change a room. Raises Room.DoesNotExist, StaleError, RuleError."""
    room = kept_room(room_id, actor)
    check_version(room, version)
    first = min(room.opened_on, facts.opened_on)
    _apply(room, facts, actor)
    early = room.openings.standing().filter(held_on__lt=room.opened_on)
    if (opening := early.order_by("held_on").first()) is not None:
        raise RuleError(
            f"{opening.held_on}已有开放记录，启用日期不能更晚，请核对。",
            code="opened_on",
        )
    save_versioned(room, version=None)
    _write_stations(room, facts.stations)
    tell(room, "amended", actor, since=first)
    return room


@transaction.atomic
def close_room(
    *,
    room_id: int,
    on_date: date,
    reason: str,
    version: int | None = None,
    actor: User,
) -> Room:
    """Take a room out of use from a day on; what was recorded stays."""
    room = kept_room(room_id, actor)
    check_version(room, version)
    if room.closed_on is not None:
        raise RuleError(f"活动室已于{room.closed_on}停用。", code="closed")
    if on_date > timezone.localdate() or on_date <= room.opened_on:
        raise RuleError(
            f"停用日期要晚于启用日期{room.opened_on}，不能晚于今天，请核对。",
            code="on_date",
        )
    if not reason.strip():
        raise RuleError("请写明停用的原因。", code="reason")
    if left := room.bookings.standing().filter(held_on__gte=on_date).count():
        raise RuleError(
            f"{on_date}起还有 {left} 个预订，请先取消预订，再停用。", code="on_date"
        )
    if room.openings.standing().filter(held_on__gte=on_date).exists():
        raise RuleError(
            f"{on_date}起还有开放记录，请核对停用日期，或者先撤回记录。",
            code="on_date",
        )
    room.closed_on, room.closed_reason = on_date, clean_text(reason)
    save_versioned(room, version=None)
    tell(room, "closed", actor, since=on_date)
    return room


@transaction.atomic
def reopen_room(*, room_id: int, actor: User) -> Room:
    """Take a room into use again, as if it had not been closed."""
    room = kept_room(room_id, actor)
    if (since := room.closed_on) is None:
        return room
    if not room.organization.is_open:
        raise RuleError(
            f"{room.organization}已撤销，活动室不能恢复使用。", code="closed"
        )
    room.closed_on, room.closed_reason = None, ""
    save_versioned(room, version=None)
    tell(room, "reopened", actor, since=since)
    return room


def kept_room(room_id: int, actor: User) -> Room:
    """The room, locked, where the actor keeps it."""
    room = locked_room(room_id, actor)
    require(actor, Right.KEEP_ROOMS, room.organization)
    return room


def locked_room(room_id: int, actor: User) -> Room:
    """The room, locked against others who book it, where the actor sees it."""
    rows = Room.objects.visible_to(actor).select_related("organization")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=room_id)


def check_in_use(room: Room) -> None:
    if room.closed_on is not None:
        raise RuleError(
            f"“{room}”已于{room.closed_on}停用，请另选活动室。", code="closed"
        )


def tell(
    room: Room,
    step: str,
    actor: User,
    *,
    since: date | None = None,
    action: AuditAction = AuditAction.ROOM_SAVED,
) -> None:
    """Write the audit trail; `since` lets figures follow."""
    audit.record(
        actor=actor,
        action=action,
        target=room,
        organization=room.organization,
        details={"room_step": step},
    )
    if since is not None:
        facts_changed.send(
            sender=Room, organization_ids={room.organization_id}, since=since
        )


def hand_over_rooms(*, source: Organization, target: Organization) -> None:
    """Let the one an organization merges into keep its rooms and use its bookings.

    In the caller's transaction.
    """
    rooms = Room.objects.filter(organization=source)
    first = rooms.order_by("opened_on").values_list("opened_on", flat=True).first()
    rooms.update(organization=target)
    today = timezone.localdate()
    RoomBooking.objects.filter(organization=source, held_on__gte=today).update(
        organization=target
    )
    if first is not None:
        facts_changed.send(
            sender=Room, organization_ids={source.pk, target.pk}, since=first
        )


# What the services share -----------------------------------------------------


def _locked_place(organization_id: int, actor: User) -> Organization:
    """An open organization where the actor keeps rooms."""
    places = Organization.objects.with_right(actor, Right.KEEP_ROOMS)
    organization = places.select_for_update(of=("self",), no_key=True).get(
        pk=organization_id
    )
    if not organization.is_open:
        raise RuleError(f"“{organization}”已撤销，请另选党组织。", code="organization")
    return organization


def _apply(room: Room, facts: RoomFacts, actor: User) -> None:
    today = timezone.localdate()
    room.name, room.place = clean_text(facts.name), clean_text(facts.place)
    if not room.name:
        raise RuleError("请填写活动室名称。", code="name")
    if not FIRST_DAY <= facts.opened_on <= today:
        raise RuleError(
            f"启用日期应在{FIRST_DAY}至今天之间，请核对。", code="opened_on"
        )
    if room.closed_on is not None and facts.opened_on >= room.closed_on:
        raise RuleError(
            f"活动室{room.closed_on}停用，启用日期要更早。", code="opened_on"
        )
    same = Room.objects.filter(organization=room.organization, name=room.name)
    if same.exclude(pk=room.pk).exists():
        raise RuleError(
            f"{room.organization}已有一个“{room.name}”，请换一个名称。", code="name"
        )
    room.opened_on, room.capacity = facts.opened_on, facts.capacity
    room.hours = stored_hours(facts.hours)
    room.keeper_name = clean_text(facts.keeper_name)
    room.keeper_phone = _phone(facts.keeper_phone, "keeper_phone")
    if facts.building_id != room.building_id:
        room.building = _building(facts.building_id, room.organization, actor)
    room.full_clean(exclude=["organization", "created_by", "building", "request_id"])


def _building(
    building_id: int | None, place: Organization, actor: User
) -> Building | None:
    """A building that the actor sees, in the line of the organization."""
    if building_id is None:
        return None
    rows = Building.objects.filter(community__in=Community.objects.visible_to(actor))
    found = rows.select_related("community__organization").get(pk=building_id)
    home = found.community.organization.path
    if not (is_within(home, place.path) or is_within(place.path, home)):
        raise RuleError(
            f"这栋楼在{found.community}，不归{place}，请重新选择。", code="building"
        )
    return found


def _write_stations(room: Room, stations: Sequence[StationFacts]) -> None:
    """Bring the stations to `stations`; one that stays keeps its row."""
    wanted = {StationKind(each.kind): each for each in stations}
    room.stations.exclude(kind__in=wanted).delete()
    for kind, facts in wanted.items():
        RoomStation.objects.update_or_create(
            room=room,
            kind=kind,
            defaults={
                "service": clean_text(facts.service),
                "keeper_name": clean_text(facts.keeper_name),
                "keeper_phone": _phone(facts.keeper_phone, f"{kind}_phone"),
            },
        )


def _phone(text: str, field: str) -> str:
    """The number as digits; what is no number is refused beside its field."""
    try:
        return normalize_phone(text)
    except RuleError as error:
        raise RuleError(error.text, code=field) from None
