"""Joint conferences of the synthetic street: every community has one, with meetings."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from config.lib.dates import SHANGHAI
from liaison.models import (
    AgendaItem,
    Briefing,
    BriefingRead,
    Conference,
    ConferenceAttendance,
    ConferenceDecision,
    ConferenceDelegate,
    ConferenceMeeting,
    ConferenceSeat,
    ConferenceTopic,
    DecisionNote,
    MeetingLink,
)
from organizations.models import Organization, User, WorkUnit

UNITS, TOPICS = 20, 12


def conferences(
    today: date, root: Organization, communities: list[Organization], writer: User
) -> None:
    """Twenty units each, a delegate and a substitute each, a meeting in a month."""
    begin = today - timedelta(days=600)
    units = list(WorkUnit.objects.order_by("pk")[:UNITS])
    found = Conference.objects.bulk_create(
        Conference(
            organization=place,
            level="street" if place == root else "community",
            founded_on=begin,
            founded_by=writer,
        )
        for place in (root, *communities)
    )
    seats = ConferenceSeat.objects.bulk_create(
        ConferenceSeat(conference=one, unit=unit, joined_on=begin)
        for one in found
        for unit in units
    )
    ConferenceDelegate.objects.bulk_create(
        ConferenceDelegate(
            seat=seat,
            role=role,
            name="章平",
            starts_on=begin,
            recorded_by=writer,
        )
        for place, seat in enumerate(seats)
        for role in ("delegate", "substitute")[: place % 3]
    )
    meetings = _meetings(today, found, writer)
    _links(meetings, seats, today, writer)
    _past(today, found, seats, writer)
    ConferenceTopic.objects.bulk_create(
        ConferenceTopic(
            meeting=meeting,
            seat=seat,
            title="停车难",
            recorded_by=None if place % 2 else writer,
        )
        for meeting in meetings
        for place, seat in enumerate(
            [each for each in seats if each.conference_id == meeting.conference_id][
                :TOPICS
            ]
        )
    )


def _meetings(
    today: date, found: list[Conference], writer: User
) -> list[ConferenceMeeting]:
    return ConferenceMeeting.objects.bulk_create(
        ConferenceMeeting(
            conference=one,
            title="党建联席会议",
            meets_on=today + timedelta(days=30),
            begins_at=time(9),
            place="社区会议室",
            chair="沈书记",
            notice="研究冬季助困",
            topics_until=today + timedelta(days=10),
            called_by=writer,
        )
        for one in found
    )


def _links(
    meetings: list[ConferenceMeeting],
    seats: list[ConferenceSeat],
    today: date,
    writer: User,
) -> None:
    last = datetime.combine(today + timedelta(days=90), time.min, tzinfo=SHANGHAI)
    of_conference = {meeting.conference_id: meeting for meeting in meetings}
    MeetingLink.objects.bulk_create(
        MeetingLink(
            meeting=of_conference[seat.conference_id],
            seat=seat,
            attempt=1,
            token_sha256=f"{seat.pk:064d}",
            expires_at=last,
            created_by=writer,
        )
        for seat in seats
    )


def _past(
    today: date,
    found: list[Conference],
    seats: list[ConferenceSeat],
    writer: User,
) -> None:
    """The last meeting of each: minutes, decisions half of them late, a briefing."""
    held = datetime.combine(today, time.min, tzinfo=SHANGHAI)
    meetings = ConferenceMeeting.objects.bulk_create(
        ConferenceMeeting(
            conference=one,
            title="上次联席会议",
            meets_on=today - timedelta(days=100),
            begins_at=time(9),
            place="社区会议室",
            chair="沈书记",
            notice="研究冬季助困",
            held_at=held,
            called_by=writer,
        )
        for one in found
    )
    of_conference = {meeting.conference_id: meeting for meeting in meetings}
    items = AgendaItem.objects.bulk_create(
        AgendaItem(meeting=one, number=number, title="停车难", proposer="江滨中学")
        for one in meetings
        for number in range(1, TOPICS + 1)
    )
    ConferenceAttendance.objects.bulk_create(
        ConferenceAttendance(
            meeting=of_conference[seat.conference_id],
            seat=seat,
            presence="delegate",
            name="章平",
        )
        for seat in seats
    )
    decisions = ConferenceDecision.objects.bulk_create(
        ConferenceDecision(
            meeting=item.meeting,
            item=item,
            words="错时停车",
            seat=seats[0],
            due_on=today - timedelta(days=30 if place % 2 else -30),
            recorded_by=writer,
        )
        for place, item in enumerate(items)
    )
    DecisionNote.objects.bulk_create(
        DecisionNote(decision=one, words="已安排", noted_by=writer)
        for one in decisions
        for _ in range(2)
    )
    told = Briefing.objects.bulk_create(
        Briefing(meeting=one, title="会议通报", words="开放操场", issued_by=writer)
        for one in meetings
    )
    of_meeting = {briefing.meeting_id: briefing for briefing in told}
    BriefingRead.objects.bulk_create(
        BriefingRead(
            briefing=of_meeting[of_conference[seat.conference_id].pk], seat=seat
        )
        for place, seat in enumerate(seats)
        if place % 2
    )
