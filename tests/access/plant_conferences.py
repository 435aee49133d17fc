"""A conference in every branch: a member, its delegate, a meeting, a topic, a link."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils import timezone

from liaison.models import (
    AgendaItem,
    Briefing,
    Conference,
    ConferenceAttendance,
    ConferenceDecision,
    ConferenceDelegate,
    ConferenceMeeting,
    ConferenceSeat,
    ConferenceTopic,
    DecisionNote,
)
from liaison.services.meetings import meeting_token
from liaison.services.tokens import token_digest
from tests.access.canaries import WORK
from tests.access.cast import BRANCHES
from tests.access.plant_agreements import _UNITS as UNITS
from tests.access.world import World

BEGIN = date(2026, 1, 5)


def plant_conferences(world: World) -> None:
    for place in BRANCHES:
        _plant(world, place)


def _plant(world: World, place: str) -> None:
    bird, owner, today = world.bird(place), world.owner(place), timezone.localdate()
    conference = Conference.objects.create(
        organization=world.orgs[place],
        level="community",
        founded_on=BEGIN,
        duties=f"{bird}职责",
        liaison_name=f"{bird}联络",
        founded_by=owner,
    )
    seat = ConferenceSeat.objects.create(
        conference=conference, unit=world.units[UNITS[place]], joined_on=BEGIN
    )
    delegate = ConferenceDelegate.objects.create(
        seat=seat,
        role="delegate",
        name=f"{bird}代表",
        phone="13900005678",
        starts_on=BEGIN,
        recorded_by=owner,
    )
    meeting = ConferenceMeeting.objects.create(
        conference=conference,
        title=f"{world.word(WORK, place)}联席会议",
        meets_on=today + timedelta(days=40),
        begins_at=time(9),
        place=f"{bird}会议室",
        chair=f"{bird}主持",
        notice=f"{bird}通知",
        topics_until=today + timedelta(days=20),
        called_by=owner,
    )
    topic = ConferenceTopic.objects.create(
        meeting=meeting, seat=seat, title=f"{bird}议题", recorded_by=owner
    )
    for kind, row in (
        ("conference", conference),
        ("seat", seat),
        ("seat-spare", _spare(world, place, conference)),
        ("delegate", delegate),
        ("meeting", meeting),
        ("topic", topic),
    ):
        world.put(kind, place, row.pk)
    world.rows[f"seat-{place}"] = seat
    world.rows[f"conference-{place}"] = conference
    _held(world, place, conference, seat)
    if place == "a1":
        _link(world, place, meeting, seat)


def _spare(world: World, place: str, conference: Conference) -> ConferenceSeat:
    """A member to leave."""
    return ConferenceSeat.objects.create(
        conference=conference, organization=world.orgs["s"], joined_on=BEGIN
    )


def _link(
    world: World, place: str, meeting: ConferenceMeeting, seat: ConferenceSeat
) -> None:
    link = meeting.links.model(
        meeting=meeting,
        seat=seat,
        attempt=1,
        expires_at=timezone.now() + timedelta(days=30),
        created_by=world.owner(place),
    )
    link.token_sha256 = token_digest(meeting_token(link))
    link.save()
    world.put("meeting-link", place, meeting_token(link))


def _held(
    world: World, place: str, conference: Conference, seat: ConferenceSeat
) -> None:
    """A meeting that was, with all that hangs on it."""
    bird, owner, today = world.bird(place), world.owner(place), timezone.localdate()
    held = ConferenceMeeting.objects.create(
        conference=conference,
        title=f"{world.word(WORK, place)}上次会议",
        meets_on=today - timedelta(days=40),
        begins_at=time(9),
        place=f"{bird}会议室",
        chair=f"{bird}主持",
        notice=f"{bird}通知",
        minutes_words=f"{bird}记录",
        held_at=timezone.now(),
        called_by=owner,
    )
    item = AgendaItem.objects.create(
        meeting=held, number=1, title=f"{bird}议程", proposer="某", points=f"{bird}要点"
    )
    ConferenceAttendance.objects.create(
        meeting=held, seat=seat, presence="absent", reason=f"{bird}缺席"
    )
    decision = ConferenceDecision.objects.create(
        meeting=held,
        item=item,
        words=f"{world.word(WORK, place)}议定",
        due_on=today - timedelta(days=4),
        recorded_by=owner,
    )
    DecisionNote.objects.create(decision=decision, words=f"{bird}进展", noted_by=owner)
    briefing = Briefing.objects.create(
        meeting=held,
        title=f"{world.word(WORK, place)}通报",
        words=f"{bird}通报内容",
        issued_by=owner,
    )
    for kind, row in (
        ("meeting-held", held),
        ("resolution", decision),
        ("briefing", briefing),
    ):
        world.put(kind, place, row.pk)
