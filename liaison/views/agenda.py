"""What a meeting dealt with: agenda, attendance and its sheet, minutes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.docx import CONTENT_TYPE
from liaison import minutes_text
from liaison.forms.decisions import AgendaForm, AttendanceForm, MinutesForm
from liaison.models import (
    ConferenceAttendance,
    ConferenceDelegate,
    ConferenceMeeting,
    ConferenceSeat,
)
from liaison.services import agenda as service
from liaison.views.conference_pages import (
    agenda_of,
    decisions_of,
    kept_meeting,
    meeting_crumbs,
)
from members.views.asking import form_page


@require_http_methods(["GET", "HEAD", "POST"])
def agenda_set(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    form = AgendaForm(
        request.POST or None,
        matters=list(service.matters_for(meeting).values()),
        initial={"version": meeting.version},
    )
    return form_page(
        request,
        form,
        "确定议程",
        meeting_crumbs(meeting, ("确定议程", "")),
        meeting.get_absolute_url(),
        lambda data: service.set_agenda(
            meeting_id=pk,
            version=data["version"],
            actor=request.user,
            **form.chosen(),
        ),
        "议程已保存。",
        latest=lambda: kept_meeting(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def attendance_mark(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    rows = ConferenceAttendance.objects.visible_to(request.user)
    form = AttendanceForm(
        request.POST or None,
        seats=_seats(request, meeting),
        marked={row.seat_id: row for row in rows.filter(meeting=meeting)},
        initial={"version": meeting.version},
    )
    return form_page(
        request,
        form,
        "登记到会情况",
        meeting_crumbs(meeting, ("登记到会情况", "")),
        meeting.get_absolute_url(),
        lambda data: service.mark_attendance(
            meeting_id=pk,
            marks=form.marks(),
            version=data["version"],
            actor=request.user,
        ),
        "到会情况已登记。",
        latest=lambda: kept_meeting(request, pk),
        form_note="代表、替补到会的不用写姓名；其他人代为参加的写姓名，缺席的写原因。",
        is_wide=True,
    )


def _seats(request: HttpRequest, meeting: ConferenceMeeting) -> list[ConferenceSeat]:
    """Members on the day of the meeting."""
    rows = ConferenceSeat.objects.visible_to(request.user).named()
    return list(
        rows.filter(
            conference=meeting.conference_id, joined_on__lte=meeting.meets_on
        ).exclude(left_on__lte=meeting.meets_on)
    )


@require_safe
def attendance_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet to sign on paper; what it says is entered afterwards."""
    meeting = kept_meeting(request, pk)
    seats = _seats(request, meeting)
    people = ConferenceDelegate.objects.visible_to(request.user).filter(
        seat__conference=meeting.conference_id, ends_on__isnull=True
    )
    sits = {(each.seat_id, each.role): each.name for each in people}
    lines = [
        (seat, sits.get((seat.pk, "delegate")), sits.get((seat.pk, "substitute")))
        for seat in seats
    ]
    context = {
        "page_title": "签到表",
        "breadcrumbs": meeting_crumbs(meeting, ("签到表", "")),
        "meeting": meeting,
        "lines": lines,
    }
    return render(request, "liaison/attendance_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def minutes_write(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    taken = [item for item in agenda_of(request, meeting) if item.is_taken]
    form = MinutesForm(request.POST or None, meeting=meeting, agenda=taken)
    return form_page(
        request,
        form,
        "会议记录",
        meeting_crumbs(meeting, ("会议记录", "")),
        meeting.get_absolute_url(),
        lambda data: service.write_minutes(
            meeting_id=pk,
            chair=data["chair"],
            recorder=data["recorder"],
            words=data["words"],
            points=form.points(),
            version=data["version"],
            actor=request.user,
        ),
        "会议记录已保存，接着登记议定事项。",
        latest=lambda: kept_meeting(request, pk),
        form_note="保存以后议程不再变动，记录还可以修改。",
    )


@require_safe
def minutes_document(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    taken = [item for item in agenda_of(request, meeting) if item.is_taken]
    rows = ConferenceAttendance.objects.visible_to(request.user).filter(meeting=meeting)
    lines = minutes_text.lines_of(
        meeting,
        taken,
        list(rows.select_related("seat__unit", "seat__organization")),
        decisions_of(request, meeting),
    )
    content = minutes_text.document(meeting, lines, timezone.localtime())
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(
        as_attachment=True, filename=f"{meeting.title}记录.docx"
    )
    return response
