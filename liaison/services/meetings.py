"""Meetings of a joint conference: called, changed, put off; topics; links of units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.dates import SHANGHAI
from config.lib.errors import RuleError
from config.lib.versions import check_version
from liaison.models import (
    ConferenceMeeting,
    ConferenceSeat,
    ConferenceTopic,
    MeetingLink,
)
from liaison.parameters.conferences import MEETING_LINK_DAYS, TOPIC_DAYS
from liaison.rules import conferences as rules
from liaison.services.conferences import locked_conference, tell
from liaison.services.tokens import signed_token, token_digest
from organizations import parameters
from organizations.models import User


@dataclass(frozen=True)
class MeetingFacts:
    """What the notice says; `topics_until` None is the usual day before."""

    title: str
    meets_on: date
    begins_at: time
    place: str
    chair: str
    notice: str
    topics_until: date | None = None


@transaction.atomic
def call_meeting(
    *,
    conference_id: int,
    facts: MeetingFacts,
    actor: User,
    request_id: UUID | None = None,
) -> ConferenceMeeting:
    """Call a meeting and make each member unit its link; or enter one that was.

    A repeated `request_id` returns the one of the first time. Raises
    Conference.DoesNotExist out of scope, RuleError.
    """
    conference = locked_conference(conference_id, actor)
    if request_id is not None:
        earlier = conference.meetings.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    if facts.meets_on < conference.founded_on:
        raise RuleError(
            f"开会日期不能早于联席会成立日期（{conference.founded_on}）。",
            code="meets_on",
        )
    meeting = ConferenceMeeting(
        conference=conference, called_by=actor, request_id=request_id
    )
    _apply(meeting, facts)
    meeting.save()
    if meeting.meets_on >= timezone.localdate():
        for seat in conference.seats.open():
            _make_link(meeting, seat, actor)
    tell(conference, "called", actor)
    return meeting


@transaction.atomic
def amend_meeting(
    *,
    meeting_id: int,
    facts: MeetingFacts,
    version: int | None = None,
    actor: User,
) -> ConferenceMeeting:
    """Change the notice; links go on and show it as it is then.

    Raises ConferenceMeeting.DoesNotExist, StaleError, RuleError.
    """
    meeting = open_meeting(meeting_id, actor)
    check_version(meeting, version)
    if meeting.held_at is not None:
        raise RuleError("会议已登记召开，通知不再修改。", code="held")
    is_same_day = facts.topics_until in {None, meeting.topics_until}
    if is_same_day and facts.meets_on == meeting.meets_on:
        # A day that was fine when the meeting was called stays.
        _apply_words(meeting, facts)
    else:
        _apply(meeting, facts)
    save_meeting(meeting)
    _links_last(meeting)
    tell(meeting.conference, "meeting_amended", actor)
    return meeting


@transaction.atomic
def cancel_meeting(
    *, meeting_id: int, reason: str, version: int | None = None, actor: User
) -> ConferenceMeeting:
    """Call a meeting off; the units' links go on and say so."""
    meeting = open_meeting(meeting_id, actor)
    check_version(meeting, version)
    if meeting.held_at is not None:
        raise RuleError("会议已登记召开，不能取消。", code="held")
    if not reason.strip():
        raise RuleError("请写明取消的原因，成员单位会看到。", code="reason")
    meeting.cancelled_at, meeting.cancelled_reason = timezone.now(), reason.strip()
    save_meeting(meeting)
    tell(meeting.conference, "meeting_cancelled", actor)
    return meeting


@transaction.atomic
def renew_link(*, meeting_id: int, seat_id: int, actor: User) -> MeetingLink:
    """Make a unit a new link to a meeting; the one before opens nothing any more."""
    meeting = open_meeting(meeting_id, actor)
    seat = meeting.conference.seats.open().get(pk=seat_id)
    link = _make_link(meeting, seat, actor)
    tell(meeting.conference, "link_made", actor)
    return link


@transaction.atomic
def put_topic(
    *,
    meeting_id: int,
    seat_id: int | None,
    title: str,
    words: str,
    actor: User,
    request_id: UUID | None = None,
) -> ConferenceTopic:
    """Write down a topic that a unit named by phone or on paper, or one's own.

    Raises ConferenceMeeting.DoesNotExist, ConferenceSeat.DoesNotExist, RuleError.
    """
    meeting = open_meeting(meeting_id, actor)
    seat = None
    if seat_id is not None:
        seat = meeting.conference.seats.open().get(pk=seat_id)
    return _take(meeting, seat, title, words, actor, request_id)


@transaction.atomic
def put_topic_by_link(
    *, token: str, title: str, words: str, request_id: UUID | None = None
) -> ConferenceTopic | None:
    """Take a unit's topic by its link; None where the link works no more.

    The same `request_id` is taken once. Raises RuleError.
    """
    link = find_by_token(token)
    if link is None:
        return None
    rows = ConferenceMeeting.objects.select_related("conference__organization")
    meeting = rows.select_for_update(of=("self",), no_key=True).get(pk=link.meeting_id)
    return _take(meeting, link.seat, title, words, None, request_id)


@transaction.atomic
def withdraw_topic(*, topic_id: int, reason: str, actor: User) -> ConferenceTopic:
    """Take a topic back, for a reason; it stays on record."""
    seen = ConferenceTopic.objects.visible_to(actor)
    meeting = open_meeting(seen.get(pk=topic_id).meeting_id, actor)
    topic = seen.get(pk=topic_id)
    if topic.withdrawn_at is not None:
        raise RuleError("这个议题已经撤回。", code="withdrawn")
    if meeting.held_at is not None:
        raise RuleError("会议已登记召开，议题不能再撤回。", code="held")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    topic.withdrawn_at, topic.withdrawn_reason = timezone.now(), reason.strip()
    topic.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    tell(meeting.conference, "topic_withdrawn", actor)
    return topic


# Links --------------------------------------------------------------------------------


def meeting_token(link: MeetingLink) -> str:
    """The signed token of a unit's link, made again whenever it is needed."""
    return signed_token(
        "liaison.meeting", f"{link.meeting_id}:{link.seat_id}:{link.attempt}"
    )


def find_by_token(token: str) -> MeetingLink | None:
    """The link that carries `token` and still works, else None."""
    link = (
        MeetingLink.objects.select_related(
            "meeting__conference__organization", "seat__unit", "seat__organization"
        )
        .filter(token_sha256=token_digest(token), revoked_at__isnull=True)
        .first()
    )
    if link is None or link.expires_at <= timezone.now():
        return None
    return link if link.seat.left_on is None else None


def note_opened(link: MeetingLink) -> None:
    MeetingLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(
        opened_at=timezone.now()
    )


def open_meeting(meeting_id: int, actor: User) -> ConferenceMeeting:
    """A meeting that `actor` keeps and that was not called off, locked."""
    seen = ConferenceMeeting.objects.visible_to(actor)
    conference = locked_conference(seen.get(pk=meeting_id).conference_id, actor)
    meeting = seen.select_for_update(of=("self",), no_key=True).get(pk=meeting_id)
    meeting.conference = conference
    if meeting.is_off:
        raise RuleError("会议已经取消，不再变动。", code="cancelled")
    return meeting


def save_meeting(meeting: ConferenceMeeting) -> None:
    meeting.version += 1
    meeting.save()


def _take(
    meeting: ConferenceMeeting,
    seat: ConferenceSeat | None,
    title: str,
    words: str,
    actor: User | None,
    request_id: UUID | None,
) -> ConferenceTopic:
    mine = meeting.topics.filter(seat=seat)
    if request_id is not None:
        earlier = mine.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    rules.check_topic(
        topics_until=meeting.topics_until,
        is_off=meeting.is_off,
        today=timezone.localdate(),
    )
    if not title.strip():
        raise RuleError("请写明议题。", code="title")
    # Whoever has a unit's link can fill nobody's desk.
    if actor is None and mine.counted().count() >= rules.MOST_TOPICS:
        raise RuleError(
            f"每次会议每个单位最多提{rules.MOST_TOPICS}个议题，请合并相近的。",
            code="title",
        )
    topic = ConferenceTopic(
        meeting=meeting,
        seat=seat,
        title=title.strip(),
        words=words.strip(),
        recorded_by=actor,
        request_id=request_id,
    )
    topic.clean_fields(exclude=["meeting", "seat", "recorded_by"])
    topic.save(force_insert=True)
    step = "topic_put" if actor else "topic_by_link"
    tell(meeting.conference, step, actor)
    return topic


def _apply(meeting: ConferenceMeeting, facts: MeetingFacts) -> None:
    days = parameters.get(TOPIC_DAYS[meeting.conference.level])
    meeting.topics_until = rules.topics_close(
        meets_on=facts.meets_on,
        wished=facts.topics_until,
        days=days,
        today=timezone.localdate(),
    )
    meeting.meets_on = facts.meets_on
    _apply_words(meeting, facts)


def _apply_words(meeting: ConferenceMeeting, facts: MeetingFacts) -> None:
    meeting.begins_at, meeting.title = facts.begins_at, facts.title.strip()
    meeting.place, meeting.chair = facts.place.strip(), facts.chair.strip()
    meeting.notice = facts.notice.strip()
    meeting.clean_fields(exclude=["conference", "called_by"])


def _make_link(
    meeting: ConferenceMeeting, seat: ConferenceSeat, actor: User
) -> MeetingLink:
    earlier = MeetingLink.objects.filter(meeting=meeting, seat=seat)
    earlier.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())
    link = MeetingLink(
        meeting=meeting,
        seat=seat,
        attempt=earlier.count() + 1,
        expires_at=_expiry(meeting),
        created_by=actor,
    )
    link.token_sha256 = token_digest(meeting_token(link))
    link.save()
    return link


def links_for_all(meeting: ConferenceMeeting, actor: User) -> None:
    """Let each member unit of today have a link that lasts."""
    _links_last(meeting)
    working = meeting.links.filter(revoked_at__isnull=True)
    known = set(working.values_list("seat", flat=True))
    for seat in meeting.conference.seats.open():
        if seat.pk not in known:
            _make_link(meeting, seat, actor)


def _links_last(meeting: ConferenceMeeting) -> None:
    """Let links follow a meeting that is put off."""
    working = meeting.links.filter(revoked_at__isnull=True)
    working.update(expires_at=_expiry(meeting))


def _expiry(meeting: ConferenceMeeting) -> datetime:
    days = parameters.get(MEETING_LINK_DAYS)
    last = max(meeting.meets_on, timezone.localdate()) + timedelta(days=days + 1)
    return datetime.combine(last, time.min, tzinfo=SHANGHAI)
