"""What is done with joint conferences, as services and pages are asked for it."""

from datetime import time, timedelta

from django.utils import timezone

from liaison.services.conferences import (
    ConferenceFacts,
    DelegateFacts,
    add_seats,
    found_conference,
    name_delegate,
)
from liaison.services.meetings import MeetingFacts, call_meeting


def day(ahead):
    return timezone.localdate() + timedelta(days=ahead)


def founded(place, actor, *units, organizations=(), **more):
    """A conference of two years ago with its member units."""
    conference = found_conference(
        organization_id=place.pk,
        facts=ConferenceFacts(founded_on=day(-700), liaison_name="顾干事"),
        actor=actor,
        **more,
    )
    if units or organizations:
        add_seats(
            conference_id=conference.pk,
            unit_ids=[unit.pk for unit in units],
            organization_ids=[each.pk for each in organizations],
            joined_on=day(-600),
            actor=actor,
        )
    return conference


def named(seat, actor, name="章平", role="delegate", ago=500, **facts):
    return name_delegate(
        seat_id=seat.pk,
        facts=DelegateFacts(role=role, name=name, starts_on=day(-ago), **facts),
        actor=actor,
    )


def notice(ahead=30, **changes):
    return MeetingFacts(
        **{
            "title": "下半年党建联席会议",
            "meets_on": day(ahead),
            "begins_at": time(9),
            "place": "社区二楼会议室",
            "chair": "沈书记",
            "notice": "研究冬季助困和停车难。",
        }
        | changes
    )


def called(conference, actor, ahead=30, **changes):
    request_id = changes.pop("request_id", None)
    return call_meeting(
        conference_id=conference.pk,
        facts=notice(ahead, **changes),
        request_id=request_id,
        actor=actor,
    )
