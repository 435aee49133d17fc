"""A room in every community, with what each of its branches booked and did there."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone

from organizations.models import (
    Room,
    RoomAsset,
    RoomBooking,
    RoomOpening,
    RoomStation,
)
from tests.access.canaries import NAME, STRUCTURE
from tests.access.cast import BRANCHES, PARENTS, below
from tests.access.world import World

BEGIN = date(2026, 1, 5)


def plant_rooms(world: World) -> None:
    homes = sorted({PARENTS[place] for place in BRANCHES})
    rooms = {home: _room(world, home, n) for n, home in enumerate(homes, start=1)}
    for place in BRANCHES:
        home = PARENTS[place]
        room, near = rooms[home], frozenset({*below(home), home})
        asset, opening = room.assets.get(), room.openings.get(booking=None)
        booking = _bookings(world, room, place)
        for kind, row in (("room", room), ("room-asset", asset)):
            world.put(kind, place, row.pk, org=home, also=near)
        world.put("room-opening", place, opening.pk, org=home, also=near)
        world.put("room-booking", place, booking.pk, also=near)


def _room(world: World, home: str, number: int) -> Room:
    """Its name is for all below; telephones and remarks are for those who keep it."""
    known, hidden = world.word(NAME, home), world.word(STRUCTURE, home)
    phone = world.canaries.plant(f"1830000{number:04d}", STRUCTURE, home)
    owner = world.owner(next(p for p in BRANCHES if PARENTS[p] == home))
    room = Room.objects.create(
        organization=world.orgs[home],
        name=f"{known}活动室",
        place=f"{known}2楼",
        hours=[[1, "08:30", "11:30"]],
        keeper_name=f"{known}管理员",
        keeper_phone=phone,
        opened_on=BEGIN,
        created_by=owner,
    )
    RoomStation.objects.create(
        room=room, kind="in_post", service=f"{known}服务", keeper_phone=phone
    )
    RoomAsset.objects.create(
        room=room,
        kind="equipment",
        name=f"{known}投影仪",
        state="broken",
        state_since=BEGIN,
        state_words=f"{hidden}说明",
        acquired_on=BEGIN,
        checked_on=BEGIN,
    )
    RoomOpening.objects.create(
        room=room,
        held_on=BEGIN,
        starts_at=time(9),
        ends_at=time(10),
        purpose=f"{known}阅览",
        words=f"{hidden}备注",
        recorded_by=owner,
    )
    return room


def _bookings(world: World, room: Room, place: str) -> RoomBooking:
    """One held and told of, one that nobody told of, one to come, which is returned."""
    today, hour = timezone.localdate(), 8 + BRANCHES.index(place)
    found = [
        RoomBooking.objects.create(
            room=room,
            organization=world.orgs[place],
            held_on=day,
            starts_at=time(hour),
            ends_at=time(hour, 30),
            purpose=f"{world.word(STRUCTURE, place)}会议",
            booked_by=world.owner(place),
        )
        for day in (today - timedelta(days=9), today - timedelta(days=5), today)
    ]
    RoomOpening.objects.create(
        room=room,
        booking=found[0],
        held_on=found[0].held_on,
        starts_at=found[0].starts_at,
        ends_at=found[0].ends_at,
        purpose=found[0].purpose,
        recorded_by=world.owner(place),
    )
    return found[-1]
