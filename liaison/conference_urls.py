"""Addresses of joint conferences: /liaison/conferences/ and /liaison/c/<token>/."""

from django.urls import path

from liaison.views import (
    agenda,
    briefings,
    conferences,
    decisions,
    meetings,
    my_meeting,
)

_one = "conferences/<int:pk>/"
_meeting = "meetings/<int:pk>/"

conference_urls = [
    path("conferences/", conferences.conference_list, name="conference-list"),
    path("conferences/add/", conferences.conference_add, name="conference-add"),
    path(_one, conferences.conference_detail, name="conference"),
    path(f"{_one}edit/", conferences.conference_edit, name="conference-edit"),
    path(f"{_one}end/", conferences.conference_end, name="conference-end"),
    path(f"{_one}seats/add/", conferences.seat_add, name="seat-add"),
    path("seats/<int:pk>/", conferences.seat_detail, name="seat"),
    path(
        "seats/<int:pk>/<slug:role>/name/",
        conferences.seat_delegate,
        name="seat-delegate",
    ),
    path("seats/<int:pk>/leave/", conferences.seat_leave, name="seat-leave"),
    path(
        "delegates/<int:pk>/reveal/",
        conferences.delegate_reveal,
        name="delegate-reveal",
    ),
    path(f"{_one}meetings/call/", meetings.meeting_call, name="meeting-call"),
    path(_meeting, meetings.meeting_detail, name="meeting"),
    path(f"{_meeting}edit/", meetings.meeting_edit, name="meeting-edit"),
    path(f"{_meeting}cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path(f"{_meeting}letters/", meetings.meeting_letters, name="meeting-letters"),
    path(
        f"{_meeting}seats/<int:seat_id>/link/",
        meetings.meeting_link,
        name="meeting-link",
    ),
    path(f"{_meeting}topics/add/", meetings.topic_add, name="topic-add"),
    path("topics/<int:pk>/withdraw/", meetings.topic_withdraw, name="topic-withdraw"),
    path(f"{_meeting}agenda/", agenda.agenda_set, name="agenda-set"),
    path(f"{_meeting}attendance/", agenda.attendance_mark, name="attendance-mark"),
    path(f"{_meeting}sheet/", agenda.attendance_sheet, name="attendance-sheet"),
    path(f"{_meeting}minutes/", agenda.minutes_write, name="minutes-write"),
    path(f"{_meeting}document/", agenda.minutes_document, name="minutes-document"),
    path(f"{_meeting}decisions/add/", decisions.decision_add, name="decision-add"),
    path("decisions/", decisions.decision_list, name="decision-list"),
    path("decisions/<int:pk>/", decisions.decision_detail, name="decision"),
    path("decisions/<int:pk>/edit/", decisions.decision_edit, name="decision-edit"),
    path("decisions/<int:pk>/close/", decisions.decision_close, name="decision-close"),
    path(f"{_meeting}briefings/add/", briefings.briefing_add, name="briefing-add"),
    path("briefings/", briefings.briefing_list, name="briefing-list"),
    path("briefings/<int:pk>/", briefings.briefing_detail, name="briefing"),
    # A member unit's own page, without an account.
    path("c/<str:token>/", my_meeting.my_meeting, name="my-meeting"),
    path("c/<str:token>/topic/", my_meeting.my_topic, name="my-topic"),
]
