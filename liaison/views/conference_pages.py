"""What pages of conferences share: crumbs, scope."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from liaison.choices.conferences import (
    DECISION_TONES,
    MEETING_TONES,
    DecisionState,
    MeetingState,
)
from liaison.models import (
    AgendaItem,
    Conference,
    ConferenceDecision,
    ConferenceMeeting,
    ConferenceSeat,
)
from organizations.access import Right, require

TITLE = "党建联席会"
Crumbs = list[tuple[str, str]]


def crumbs(*steps: tuple[str, str]) -> Crumbs:
    return [(TITLE, reverse("liaison:conference-list")), *steps]


def conference_crumbs(conference: Conference, *steps: tuple[str, str]) -> Crumbs:
    return crumbs((str(conference), conference.get_absolute_url()), *steps)


def meeting_crumbs(meeting: ConferenceMeeting, *steps: tuple[str, str]) -> Crumbs:
    return conference_crumbs(
        meeting.conference, (meeting.title, meeting.get_absolute_url()), *steps
    )


def seat_crumbs(seat: ConferenceSeat, *steps: tuple[str, str]) -> Crumbs:
    return conference_crumbs(
        seat.conference, (str(seat), seat.get_absolute_url()), *steps
    )


def kept_conference(request: HttpRequest, pk: int) -> Conference:
    rows = Conference.objects.visible_to(request.user).select_related("organization")
    conference = get_object_or_404(rows, pk=pk)
    require(request.user, Right.KEEP_AGREEMENTS, conference.organization)
    return conference


def kept_seat(request: HttpRequest, pk: int) -> ConferenceSeat:
    rows = ConferenceSeat.objects.visible_to(request.user).named()
    seat = get_object_or_404(rows.select_related("conference__organization"), pk=pk)
    require(request.user, Right.KEEP_AGREEMENTS, seat.conference.organization)
    return seat


def kept_meeting(request: HttpRequest, pk: int) -> ConferenceMeeting:
    rows = ConferenceMeeting.objects.visible_to(request.user)
    meeting = get_object_or_404(rows.select_related("conference__organization"), pk=pk)
    require(request.user, Right.KEEP_AGREEMENTS, meeting.conference.organization)
    return meeting


def show_state(meeting: Any) -> None:
    """Set `state`, `state_label` and `state_tone`."""
    state = MeetingState(meeting.state_on(timezone.localdate()))
    meeting.state, meeting.state_label = state, state.label
    meeting.state_tone = MEETING_TONES[state]


def agenda_of(request: HttpRequest, meeting: ConferenceMeeting) -> list[AgendaItem]:
    """Taken ones in their order behind those that were left."""
    return list(AgendaItem.objects.visible_to(request.user).filter(meeting=meeting))


def decisions_of(request: HttpRequest, meeting: ConferenceMeeting) -> list[Any]:
    rows = ConferenceDecision.objects.visible_to(request.user).with_owner()
    found = list(rows.filter(meeting=meeting))
    for decision in found:
        show_decision(decision)
    return found


def show_decision(decision: Any) -> None:
    """Set `state`, `state_label` and `state_tone`."""
    state = DecisionState(decision.state_on(timezone.localdate()))
    decision.state, decision.state_label = state, state.label
    decision.state_tone = DECISION_TONES[state]
