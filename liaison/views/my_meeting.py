"""A member unit's page of one meeting: by its own signed link, without an account."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from liaison.forms.conferences import OwnTopicForm
from liaison.models import MeetingLink
from liaison.services import meetings as service
from liaison.services.briefings import read_by_link
from liaison.views.doors import Door
from members.forms.members import add_service_error

_door = Door("meeting", service.find_by_token, "liaison/meeting_gone.html")


@require_http_methods(["GET", "HEAD", "POST"])
@_door.by_token
def my_meeting(request: HttpRequest, token: str, link: MeetingLink) -> HttpResponse:
    """The door (GET), its opening (POST), and the notice once it is open (GET)."""
    if request.method == "POST":
        service.note_opened(link)
        read_by_link(link)
        _door.open(request, link)
        return redirect("liaison:my-meeting", token)
    if not _door.is_open(request, link):
        return render(request, "liaison/meeting_door.html", {"link": link})
    told = request.session.pop(_told_key(link), False)
    return _page(request, token, link, OwnTopicForm(), is_told=told)


@require_POST
@_door.by_token
def my_topic(request: HttpRequest, token: str, link: MeetingLink) -> HttpResponse:
    if not _door.is_open(request, link):
        return redirect("liaison:my-meeting", token)
    form = OwnTopicForm(request.POST)
    if form.is_valid():
        try:
            topic = service.put_topic_by_link(token=token, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            if topic is None:
                return _door.gone()
            request.session[_told_key(link)] = True
            return redirect(f"{reverse('liaison:my-meeting', args=[token])}#topics")
    return _page(request, token, link, form, status=422)


def _told_key(link: MeetingLink) -> str:
    return f"liaison.topic.{link.pk}"


def _page(
    request: HttpRequest,
    token: str,
    link: MeetingLink,
    form: OwnTopicForm,
    *,
    is_told: bool = False,
    status: int = 200,
) -> HttpResponse:
    meeting, today = link.meeting, timezone.localdate()
    until = meeting.topics_until
    context: dict[str, Any] = {
        "token": token,
        "link": link,
        "meeting": meeting,
        "conference": meeting.conference,
        # The unit's own alone.
        "topics": list(meeting.topics.filter(seat=link.seat_id)),
        # Read, and those that came since the button was pressed.
        "briefings": list(meeting.briefings.filter(reads__seat=link.seat_id)),
        "unread": meeting.briefings.exclude(reads__seat=link.seat_id).count(),
        "form": form,
        "is_told": is_told,
        "is_open": until is not None and today <= until and not meeting.is_off,
    }
    return render(request, "liaison/my_meeting.html", context, status=status)
