"""What is done with activity rooms, as services are asked for it."""

from datetime import time, timedelta

from django.utils import timezone

from organizations.room_rules import parse_hours
from organizations.services.room_assets import AssetFacts, add_asset
from organizations.services.room_use import (
    OpeningFacts,
    UseFacts,
    book_room,
    record_opening,
)
from organizations.services.rooms import RoomFacts, StationFacts, create_room

HOURS = "每天 8:30-11:30、14:00-17:00"


def ago(days):
    return timezone.localdate() - timedelta(days=days)


def registered(place, actor, name="党员活动室", opened=400, **facts):
    facts.setdefault("hours", parse_hours(HOURS))
    facts.setdefault("stations", [StationFacts("in_post", "报到登记", "安站长")])
    return create_room(
        organization_id=place.pk,
        facts=RoomFacts(name=name, opened_on=ago(opened), **facts),
        actor=actor,
    )


def booked(room, place, actor, day, begin=9, end=11, purpose="党员大会", **more):
    return book_room(
        room_id=room.pk,
        organization_id=place.pk,
        facts=UseFacts(day, time(begin), time(end), purpose),
        actor=actor,
        **more,
    )


def opened(room, actor, day, begin=9, end=11, booking=None, **facts):
    request_id = facts.pop("request_id", None)
    facts.setdefault("purpose", "阅览")
    return record_opening(
        room_id=room.pk,
        facts=OpeningFacts(day, time(begin), time(end), **facts),
        booking_id=booking.pk if booking else None,
        request_id=request_id,
        actor=actor,
    )


def equipped(room, actor, acquired=200, name="投影仪", **facts):
    facts.setdefault("kind", "equipment")
    return add_asset(
        room_id=room.pk,
        facts=AssetFacts(name=name, acquired_on=ago(acquired), **facts),
        actor=actor,
    )
