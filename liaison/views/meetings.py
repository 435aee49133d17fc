"""Meetings of a joint conference: notice, topics, links and letters of the units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from liaison.forms.agreements import ReasonForm
from liaison.forms.conferences import (
    MeetingAmendForm,
    MeetingCancelForm,
    MeetingForm,
    TopicForm,
)
from liaison.models import (
    Briefing,
    ConferenceAttendance,
    ConferenceMeeting,
    ConferenceSeat,
    ConferenceTopic,
    MeetingLink,
)
from liaison.parameters.conferences import TOPIC_DAYS
from liaison.services import meetings as service
from liaison.views.conference_pages import (
    agenda_of,
    conference_crumbs,
    decisions_of,
    kept_conference,
    kept_meeting,
    meeting_crumbs,
    show_state,
)
from liaison.views.doors import shown_link
from members.views.asking import confirm_page, form_page
from organizations import parameters


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_call(request: HttpRequest, pk: int) -> HttpResponse:
    conference = kept_conference(request, pk)
    days = parameters.get(TOPIC_DAYS[conference.level])
    form = MeetingForm(request.POST or None, days=days)

    def save(data: dict[str, Any]) -> ConferenceMeeting:
        return service.call_meeting(
            conference_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "召集会议",
        conference_crumbs(conference, ("召集会议", "")),
        conference.get_absolute_url(),
        save,
        "会议已登记；请把通知和链接发给成员单位。",
        then=lambda meeting: meeting.get_absolute_url(),
        form_note="登记以后，为每个成员单位生成专用链接，可以打印通知函或复制链接发送。",
    )


@require_safe
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    show_state(meeting)
    topics = list(_topics(request, meeting))
    seats, agenda = _seats(request, meeting), agenda_of(request, meeting)
    _show_attendance(request, meeting, seats)
    context = {
        "page_title": meeting.title,
        "breadcrumbs": conference_crumbs(meeting.conference, (meeting.title, "")),
        "meeting": meeting,
        "topics": [each for each in topics if each.withdrawn_at is None],
        "withdrawn": [each for each in topics if each.withdrawn_at is not None],
        "seats": seats,
        "agenda": [item for item in agenda if item.is_taken],
        "left": [item for item in agenda if not item.is_taken],
        "decisions": decisions_of(request, meeting) if meeting.held_at else [],
        "briefings": _briefings(request, meeting),
        "is_due": meeting.meets_on <= timezone.localdate(),
        "is_open": not meeting.is_off and meeting.held_at is None,
    }
    return render(request, "liaison/meeting_detail.html", context)


def _show_attendance(
    request: HttpRequest, meeting: ConferenceMeeting, seats: list[Any]
) -> None:
    """Give each seat `came`, its row of attendance or None."""
    if meeting.held_at is None:
        return
    rows = ConferenceAttendance.objects.visible_to(request.user)
    came = {row.seat_id: row for row in rows.filter(meeting=meeting)}
    for seat in seats:
        seat.came = came.get(seat.pk)


def _briefings(request: HttpRequest, meeting: ConferenceMeeting) -> list[Briefing]:
    if meeting.held_at is None:
        return []
    rows = Briefing.objects.visible_to(request.user)
    return list(rows.filter(meeting=meeting).defer("words"))


def _topics(request: HttpRequest, meeting: ConferenceMeeting) -> Any:
    rows = ConferenceTopic.objects.visible_to(request.user).filter(meeting=meeting)
    return rows.select_related("seat__unit", "seat__organization", "recorded_by")


def _seats(request: HttpRequest, meeting: ConferenceMeeting) -> list[Any]:
    """Member units of today with `link`, the working one, None without."""
    rows = ConferenceSeat.objects.visible_to(request.user).open().named()
    seats = list(rows.filter(conference=meeting.conference_id))
    links = _working(request, meeting)
    for seat in seats:
        seat.link = links.get(seat.pk)
    return seats


def _working(request: HttpRequest, meeting: ConferenceMeeting) -> dict[int, Any]:
    rows = MeetingLink.objects.visible_to(request.user).filter(
        meeting=meeting, revoked_at__isnull=True, expires_at__gt=timezone.now()
    )
    return {link.seat_id: link for link in rows}


def _shown(request: HttpRequest, link: MeetingLink) -> dict[str, Any]:
    path = reverse("liaison:my-meeting", args=[service.meeting_token(link)])
    return shown_link(request, path) | {"row": link}


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    days = parameters.get(TOPIC_DAYS[meeting.conference.level])
    form = MeetingAmendForm(request.POST or None, instance=meeting, days=days)
    return form_page(
        request,
        form,
        "修改通知",
        meeting_crumbs(meeting, ("修改通知", "")),
        meeting.get_absolute_url(),
        lambda data: service.amend_meeting(
            meeting_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存；成员单位打开链接，看到的是新的通知。",
        latest=lambda: kept_meeting(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    form = MeetingCancelForm(request.POST or None, initial={"version": meeting.version})
    return confirm_page(
        request,
        form,
        "取消会议",
        meeting_crumbs(meeting, ("取消会议", "")),
        meeting.get_absolute_url(),
        f"取消“{meeting}”？",
        [
            "成员单位打开链接，看到会议已取消和取消的原因。",
            "已提出的议题保留，不再征集。",
        ],
        lambda data: service.cancel_meeting(meeting_id=pk, actor=request.user, **data),
        "会议已取消，请另行告知成员单位。",
        latest=lambda: kept_meeting(request, pk),
    )


@require_safe
def meeting_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The notice on paper, a page for each unit, with its own code to scan."""
    meeting = kept_meeting(request, pk)
    seats = _seats(request, meeting)
    one = request.GET.get("seat", "")
    if one:
        seats = [seat for seat in seats if str(seat.pk) == one]
    for seat in seats:
        seat.shown = _shown(request, seat.link) if seat.link else None
    context = {
        "page_title": "打印会议通知",
        "breadcrumbs": meeting_crumbs(meeting, ("打印会议通知", "")),
        "meeting": meeting,
        "conference": meeting.conference,
        "seats": seats,
    }
    return render(request, "liaison/meeting_letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_link(request: HttpRequest, pk: int, seat_id: int) -> HttpResponse:
    """A unit's link, to copy or to scan; POST makes a new one."""
    meeting = kept_meeting(request, pk)
    seats = ConferenceSeat.objects.visible_to(request.user).open().named()
    seat = get_object_or_404(seats, pk=seat_id, conference=meeting.conference_id)
    if request.method == "POST":
        try:
            service.renew_link(meeting_id=pk, seat_id=seat_id, actor=request.user)
        except ValidationError as error:
            messages.error(request, "；".join(error.messages))
            return redirect(meeting)
        messages.success(request, "已生成新的链接，以前的链接不能再用。")
        return redirect("liaison:meeting-link", pk, seat_id)
    link = _working(request, meeting).get(seat.pk)
    context = {
        "page_title": f"{seat}的会议链接",
        "breadcrumbs": meeting_crumbs(meeting, ("会议链接", "")),
        "meeting": meeting,
        "seat": seat,
        "link": _shown(request, link) if link else None,
    }
    return render(request, "liaison/meeting_link.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def topic_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    seats = ConferenceSeat.objects.visible_to(request.user).open().named()
    form = TopicForm(
        request.POST or None,
        seats=list(seats.filter(conference=meeting.conference_id)),
    )
    return form_page(
        request,
        form,
        "登记议题",
        meeting_crumbs(meeting, ("登记议题", "")),
        meeting.get_absolute_url(),
        lambda data: service.put_topic(
            meeting_id=pk,
            seat_id=data["seat"],
            title=data["title"],
            words=data["words"],
            request_id=data["request_id"],
            actor=request.user,
        ),
        "议题已登记。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def topic_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    topics = ConferenceTopic.objects.visible_to(request.user)
    topic = get_object_or_404(topics, pk=pk)
    if topic.withdrawn_at is not None:
        raise Http404
    meeting = kept_meeting(request, topic.meeting_id)
    return confirm_page(
        request,
        ReasonForm(request.POST or None),
        "撤回议题",
        meeting_crumbs(meeting, ("撤回议题", "")),
        meeting.get_absolute_url(),
        f"撤回议题“{topic}”？",
        ["记录保留备查；提出单位打开链接，看到已撤回。"],
        lambda data: service.withdraw_topic(topic_id=pk, actor=request.user, **data),
        "议题已撤回。",
    )
