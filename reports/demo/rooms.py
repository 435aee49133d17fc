"""The demo's activity rooms: busy, seldom open, with equipment in every state."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random

from organizations.models import Building, Organization, Room, RoomBooking, User
from organizations.room_rules import parse_hours
from organizations.services.room_assets import (
    AssetFacts,
    add_asset,
    change_state,
    check_assets,
)
from organizations.services.room_use import (
    OpeningFacts,
    cancel_booking,
    record_opening,
    withdraw_opening,
)
from organizations.services.rooms import RoomFacts, StationFacts, create_room
from reports.demo.street import Street

_HOURS = "周一至周五 8:30-11:30、14:00-17:00\n周六 9:00-11:30"
_STATIONS = (
    ("in_post", "报到登记、认领岗位、服务记录"),
    ("mobile", "流出流入登记、政策咨询、代缴党费"),
    ("on_roll", "阅览学习、老党员谈心、困难帮扶"),
)
_KEEPERS = ("顾红梅", "齐建业", "苗春生")
_PURPOSES = ("阅览学习", "党课", "居民议事", "支部党员大会", "政策咨询", "主题党日")
_EQUIPMENT = (("投影仪", 1), ("电视机", 1), ("电脑", 2), ("音响", 1))
_PERIODICALS = ("《求是》", "《党建》", "《半月谈》")
# How often each is open, counted in days; the last was not for weeks.
_RHYTHM = (3, 4, 6, 5, 30, 4)


def make_rooms(street: Street, today: date, random: Random) -> None:
    staff = User.objects.get(username="street")
    rooms = [
        _room(street.communities[n].organization, n, today, staff)
        for n in range(len(street.communities))
    ]
    for number, room in enumerate(rooms):
        assets = _assets(room, today, staff)
        _openings(room, _RHYTHM[number % len(_RHYTHM)], today, staff, random)
        if number == 0:
            _mishaps(room, assets, today, staff)
    _bookings(rooms[0], street, today, staff)


def _room(place: Organization, number: int, today: date, staff: User) -> Room:
    building = Building.objects.filter(community__organization=place).first()
    keeper = _KEEPERS[number % len(_KEEPERS)]
    kinds = _STATIONS if number % 3 == 0 else _STATIONS[: 1 + number % 3]
    return create_room(
        organization_id=place.pk,
        facts=RoomFacts(
            name=f"{place.short_name.removesuffix('党委')}党员活动室",
            opened_on=today - timedelta(days=700),
            place="1楼东侧",
            building_id=building.pk if building else None,
            capacity=40,
            hours=parse_hours(_HOURS),
            keeper_name=keeper,
            keeper_phone=f"0600-6000{1000 + number}",
            stations=[StationFacts(kind, words, keeper) for kind, words in kinds],
        ),
        actor=staff,
    )


def _assets(room: Room, today: date, staff: User) -> list[int]:
    """Equipment checked two months ago, but for the last piece of it."""
    came = today - timedelta(days=500)
    found = [
        add_asset(
            room_id=room.pk,
            facts=AssetFacts("equipment", name, came, quantity=number),
            actor=staff,
        ).pk
        for name, number in _EQUIPMENT
    ]
    check_assets(
        room_id=room.pk,
        asset_ids=found[:-1],
        on_date=today - timedelta(days=60),
        actor=staff,
    )
    for name in _PERIODICALS:
        facts = AssetFacts(
            "periodical",
            name,
            date(today.year, 1, 1),
            quantity=2,
            subscribed_year=today.year,
        )
        add_asset(room_id=room.pk, facts=facts, actor=staff)
    return found


def _openings(
    room: Room, rhythm: int, today: date, staff: User, random: Random
) -> None:
    """Openings of the last months, the latest a few days ago."""
    for days in range(rhythm, 150, rhythm):
        facts = OpeningFacts(
            today - timedelta(days=days),
            *(time(14), time(16, 30)),
            random.choice(_PURPOSES),
            in_post=random.randint(0, 6),
            mobile=random.randint(0, 3),
            on_roll=random.randint(3, 15),
            others=random.randint(0, 10),
            keeper_name=room.keeper_name,
        )
        record_opening(room_id=room.pk, facts=facts, actor=staff)


def _mishaps(room: Room, assets: list[int], today: date, staff: User) -> None:
    """One of two computers long broken; a record written down wrongly."""
    change_state(
        asset_id=assets[2],
        state="broken",
        number=1,
        on_date=today - timedelta(days=45),
        words="开不了机，已报修",
        actor=staff,
    )
    wrong = OpeningFacts(
        today - timedelta(days=2), time(9), time(11), "党课", in_post=30
    )
    opening = record_opening(room_id=room.pk, facts=wrong, actor=staff)
    withdraw_opening(opening_id=opening.pk, reason="人数写错", actor=staff)


def _bookings(room: Room, street: Street, today: date, staff: User) -> None:
    """The days to come, by branches of the community; one a week ago nobody told of.

    Written as they lie there: days that are over cannot be booked.
    """
    branches = [b for b in street.branches if b.parent_id == room.organization_id]
    times = ((-7, 9, 11), (1, 9, 11), (2, 14, 16), (3, 9, 10), (5, 19, 20))
    made = [
        RoomBooking.objects.create(
            room=room,
            organization=branches[number % len(branches)],
            held_on=today + timedelta(days=days),
            starts_at=time(begin),
            ends_at=time(end),
            purpose=_PURPOSES[(number + 3) % len(_PURPOSES)],
            people=12 + number,
            booked_by=staff,
        )
        for number, (days, begin, end) in enumerate(times)
    ]
    cancel_booking(booking_id=made[3].pk, reason="讲师改期", actor=staff)
