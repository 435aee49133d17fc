"""Briefings after a meeting: issued once, read by units and by secretaries."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from config.lib.errors import RuleError
from liaison.models import Briefing, BriefingRead, MeetingLink
from liaison.services.conferences import tell
from liaison.services.meetings import links_for_all, open_meeting
from organizations.models import User


@transaction.atomic
def issue_briefing(
    *,
    meeting_id: int,
    title: str,
    words: str,
    actor: User,
    request_id: UUID | None = None,
) -> Briefing:
    """Issue a briefing to the meeting's units and to the secretaries below.

    Links go on as long as those of a meeting of today would; a unit without one gets
    one. A repeated `request_id` returns the first. Raises
    ConferenceMeeting.DoesNotExist, RuleError.
    """
    meeting = open_meeting(meeting_id, actor)
    if request_id is not None:
        earlier = meeting.briefings.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    if meeting.held_at is None:
        raise RuleError("请先登记到会情况，会后再发通报。", code="held")
    briefing = Briefing(
        meeting=meeting,
        title=title.strip(),
        words=words.strip(),
        issued_by=actor,
        request_id=request_id,
    )
    briefing.clean_fields(exclude=["meeting", "issued_by"])
    briefing.save(force_insert=True)
    links_for_all(meeting, actor)
    tell(meeting.conference, "briefing_issued", actor)
    return briefing


@transaction.atomic
def read_by_link(link: MeetingLink) -> None:
    """Note that a unit has opened the briefings of its meeting."""
    for briefing in Briefing.objects.filter(meeting=link.meeting_id):
        BriefingRead.objects.get_or_create(briefing=briefing, seat=link.seat)


@transaction.atomic
def read_in_portal(*, briefing_id: int, actor: User) -> BriefingRead:
    """Note that `actor` has read a briefing; the first time counts."""
    briefing = Briefing.objects.visible_to(actor).get(pk=briefing_id)
    read, _ = BriefingRead.objects.get_or_create(briefing=briefing, reader=actor)
    return read
