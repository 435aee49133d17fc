"""A week of a room as a page shows it: hours, what is booked, what was open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from config.lib.paths import is_within
from organizations.access import Right
from organizations.models import Organization, Room, RoomBooking, RoomOpening, User
from organizations.room_rules import WEEKDAYS, hours_on, lies_outside

OTHERS = "其他党组织"


@dataclass(frozen=True)
class Entry:
    """A booking or an opening; of what the reader may not know only the hours."""

    starts_at: time
    times: str
    who: str
    purpose: str
    is_opening: bool
    people: int = 0
    is_outside: bool = False
    booking_id: int | None = None
    may_cancel: bool = False
    may_open: bool = False


@dataclass(frozen=True)
class Day:
    on: date
    weekday: str
    hours: str
    is_today: bool
    is_past: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """What somebody may know and do in a room."""

    user: User
    room: Room

    @property
    def keeps(self) -> bool:
        return self.user.has_right_at(Right.KEEP_ROOMS, self.room.organization)

    def sees(self, organization: Organization) -> bool:
        return any(
            is_within(organization.path, root) for root in self.user.structure_paths
        )

    def entry_of_booking(self, row: RoomBooking, today: date) -> Entry:
        is_seen = self.sees(row.organization)
        books = self.user.has_right_at(Right.BOOK_ROOMS, row.organization)
        keeps = self.keeps
        return Entry(
            starts_at=row.starts_at,
            times=row.times,
            who=str(row.organization) if is_seen else OTHERS,
            purpose=row.purpose if is_seen or keeps else "",
            is_opening=False,
            people=row.people or 0,
            is_outside=lies_outside(
                self.room.spans, row.held_on, row.starts_at, row.ends_at
            ),
            booking_id=row.pk,
            may_cancel=books or keeps,
            may_open=keeps and row.held_on <= today,
        )

    def entry_of_opening(self, row: RoomOpening) -> Entry:
        whose = row.booking.organization if row.booking is not None else None
        is_seen = whose is None or self.sees(whose)
        return Entry(
            starts_at=row.starts_at,
            times=row.times,
            who="" if whose is None else str(whose) if is_seen else OTHERS,
            purpose=row.purpose if is_seen or self.keeps else "",
            is_opening=True,
            people=row.people,
        )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_of(reader: Reader, monday: date, today: date) -> list[Day]:
    """The seven days from `monday`; a booking that was used shows as its opening."""
    room, last = reader.room, monday + timedelta(days=6)
    openings = list(
        room.openings.standing()
        .filter(held_on__range=(monday, last))
        .select_related("booking__organization")
    )
    used = {row.booking_id for row in openings}
    bookings = [
        row
        for row in room.bookings.standing()
        .filter(held_on__range=(monday, last))
        .select_related("organization")
        if row.pk not in used
    ]
    entries: dict[date, list[Entry]] = {}
    for booking in bookings:
        own = entries.setdefault(booking.held_on, [])
        own.append(reader.entry_of_booking(booking, today))
    for opening in openings:
        entries.setdefault(opening.held_on, []).append(reader.entry_of_opening(opening))
    return [_day(room.spans, day, today, entries) for day in _days(monday)]


def _days(monday: date) -> list[date]:
    return [monday + timedelta(days=number) for number in range(7)]


def _day(spans: Any, day: date, today: date, entries: Any) -> Day:
    return Day(
        on=day,
        weekday=f"周{WEEKDAYS[day.weekday()]}",
        hours="、".join(span.text for span in hours_on(spans, day)),
        is_today=day == today,
        is_past=day < today,
        entries=sorted(entries.get(day, []), key=lambda entry: entry.starts_at),
    )
