"""Activity rooms of the synthetic street, with a year of openings and bookings."""

from __future__ import annotations

from datetime import date, time, timedelta

from organizations.models import (
    Organization,
    Room,
    RoomAsset,
    RoomBooking,
    RoomOpening,
    RoomStation,
    User,
)
from organizations.room_choices import StationKind

EACH, OPENINGS, ASSETS = 2, 120, 15


def rooms(
    today: date,
    communities: list[Organization],
    branches: list[Organization],
    writer: User,
) -> None:
    begin = today - timedelta(days=400)
    found = Room.objects.bulk_create(
        Room(
            organization=community,
            name=f"活动室{number + 1}",
            hours=[[day, "08:30", "17:00"] for day in range(1, 6)],
            capacity=40,
            keeper_name="顾红梅",
            keeper_phone="13900001234",
            opened_on=begin,
            created_by=writer,
        )
        for community in communities
        for number in range(EACH)
    )
    RoomStation.objects.bulk_create(
        RoomStation(room=room, kind=kind, service="登记报到")
        for room in found
        for kind in StationKind
    )
    RoomAsset.objects.bulk_create(
        RoomAsset(
            room=room,
            kind="equipment" if number % 2 else "periodical",
            name=f"设备{number}",
            state="good" if number % 5 else "broken",
            state_since=begin,
            acquired_on=begin,
            checked_on=today - timedelta(days=20 * number),
        )
        for room in found
        for number in range(ASSETS)
    )
    bookings = RoomBooking.objects.bulk_create(
        RoomBooking(
            room=room,
            organization=branches[(place + number) % len(branches)],
            held_on=today + timedelta(days=3 - 3 * number),
            starts_at=time(9),
            ends_at=time(11),
            purpose="支部党员大会",
            booked_by=writer,
        )
        for place, room in enumerate(found)
        for number in range(OPENINGS)
    )
    RoomOpening.objects.bulk_create(
        RoomOpening(
            room=booking.room,
            booking=booking,
            held_on=booking.held_on,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            purpose=booking.purpose,
            in_post=3,
            on_roll=9,
            is_checked=booking.held_on.day == 1,
            recorded_by=writer,
        )
        for place, booking in enumerate(bookings)
        if booking.held_on < today and place % 10
    )
