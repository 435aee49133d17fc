"""Joint conferences: the list, one conference, its member units, who sits for them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.errors import RuleError
from config.lib.paging import group_tabs, page_by_key, total_of
from liaison.choices.conferences import DelegateRole
from liaison.forms.conferences import (
    ConferenceAmendForm,
    ConferenceEndForm,
    ConferenceForm,
    DelegateForm,
    LeaveForm,
    SeatsForm,
)
from liaison.models import (
    Conference,
    ConferenceDelegate,
    ConferenceMeeting,
    ConferenceSeat,
)
from liaison.services import conferences as service
from liaison.views.conference_pages import (
    TITLE,
    conference_crumbs,
    crumbs,
    kept_conference,
    kept_seat,
    seat_crumbs,
    show_state,
)
from members.forms.members import RevealForm, add_service_error
from members.views.asking import confirm_page, form_page
from organizations.access import Right, require, require_right

_TABS = [("", "现有"), ("all", "全部")]


@require_safe
def conference_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AGREEMENTS)
    group = request.GET.get("group", "")
    found = Conference.objects.visible_to(request.user)
    if group != "all":
        found = found.standing()
    page = page_by_key(
        found.with_numbers().select_related("organization"), request.GET, "founded_on"
    )
    _show_meetings(request, page.rows)
    address = reverse("liaison:conference-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "page": page,
        "total": total_of(page, found),
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "liaison/conference_list.html", context)


def _show_meetings(request: HttpRequest, conferences: list[Any]) -> None:
    """Give each conference its latest meeting, `meeting`, None without one."""
    latest: dict[int, ConferenceMeeting] = {}
    meetings = ConferenceMeeting.objects.visible_to(request.user).standing()
    for meeting in meetings.filter(conference__in=[each.pk for each in conferences]):
        latest.setdefault(meeting.conference_id, meeting)
    for meeting in latest.values():
        show_state(meeting)
    for each in conferences:
        each.meeting = latest.get(each.pk)


@require_safe
def conference_detail(request: HttpRequest, pk: int) -> HttpResponse:
    conference = kept_conference(request, pk)
    meetings = list(
        ConferenceMeeting.objects.visible_to(request.user).filter(conference=conference)
    )
    for meeting in meetings:
        show_state(meeting)
    context = {
        "page_title": str(conference),
        "breadcrumbs": crumbs((str(conference), "")),
        "conference": conference,
        "seats": _seats(request, conference),
        "meetings": meetings,
        "is_kept": conference.ended_on is None,
    }
    return render(request, "liaison/conference_detail.html", context)


def _seats(request: HttpRequest, conference: Conference) -> list[Any]:
    """Members of today with `delegate` and `substitute`."""
    rows = ConferenceSeat.objects.visible_to(request.user).open().named()
    seats = list(rows.filter(conference=conference))
    people = ConferenceDelegate.objects.visible_to(request.user).filter(
        seat__conference=conference, ends_on__isnull=True
    )
    sits = {(each.seat_id, each.role): each for each in people}
    for seat in seats:
        seat.delegate = sits.get((seat.pk, DelegateRole.DELEGATE))
        seat.substitute = sits.get((seat.pk, DelegateRole.SUBSTITUTE))
    return seats


@require_http_methods(["GET", "HEAD", "POST"])
def conference_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_AGREEMENTS)
    form = ConferenceForm(request.POST or None, user=request.user)

    def save(data: dict[str, Any]) -> Conference:
        return service.found_conference(
            organization_id=data["organization"].pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "成立联席会",
        crumbs(("成立联席会", "")),
        reverse("liaison:conference-list"),
        save,
        "联席会已登记，接着添加成员单位。",
        then=lambda conference: conference.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def conference_edit(request: HttpRequest, pk: int) -> HttpResponse:
    conference = kept_conference(request, pk)
    form = ConferenceAmendForm(
        request.POST or None, instance=conference, user=request.user
    )

    def save(data: dict[str, Any]) -> Conference:
        return service.amend_conference(
            conference_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "修改联席会",
        conference_crumbs(conference, ("修改", "")),
        conference.get_absolute_url(),
        save,
        "已保存。",
        latest=lambda: kept_conference(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def conference_end(request: HttpRequest, pk: int) -> HttpResponse:
    conference = kept_conference(request, pk)
    form = ConferenceEndForm(
        request.POST or None, initial={"version": conference.version}
    )
    return confirm_page(
        request,
        form,
        "终止联席会",
        conference_crumbs(conference, ("终止", "")),
        conference.get_absolute_url(),
        f"终止“{conference}”？",
        ["成员单位、会议和记录都保留，以后不再变动；可以另行成立新的联席会。"],
        lambda data: service.end_conference(
            conference_id=pk, actor=request.user, **data
        ),
        "联席会已终止。",
        latest=lambda: kept_conference(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seat_add(request: HttpRequest, pk: int) -> HttpResponse:
    conference = kept_conference(request, pk)
    form = SeatsForm(request.POST or None, user=request.user)
    return form_page(
        request,
        form,
        "添加成员单位",
        conference_crumbs(conference, ("添加成员单位", "")),
        conference.get_absolute_url(),
        lambda data: service.add_seats(
            conference_id=pk,
            joined_on=data["joined_on"],
            actor=request.user,
            **form.chosen(),
        ),
        "成员单位已添加，请登记各单位的代表。",
    )


@require_safe
def seat_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: who sits for it now, and who did before."""
    seat = kept_seat(request, pk)
    people = list(
        ConferenceDelegate.objects.visible_to(request.user)
        .filter(seat=seat)
        .select_related("recorded_by")
    )
    now = {each.role: each for each in people if each.ends_on is None}
    context = {
        "page_title": str(seat),
        "breadcrumbs": conference_crumbs(seat.conference, (str(seat), "")),
        "seat": seat,
        "roles": [(role, now.get(role)) for role in DelegateRole],
        "earlier": [each for each in people if each.ends_on is not None],
        "is_kept": seat.left_on is None and seat.conference.ended_on is None,
        "may_reveal": request.user.has_right_at(
            Right.REVEAL_CONTACT, seat.conference.organization
        ),
    }
    return render(request, "liaison/seat_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def seat_delegate(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    seat = kept_seat(request, pk)
    if role not in DelegateRole:
        raise Http404
    before = (
        ConferenceDelegate.objects.visible_to(request.user)
        .filter(seat=seat, role=role, ends_on__isnull=True)
        .first()
    )
    label = DelegateRole(role).label
    title = f"更换{label}" if before else f"登记{label}"
    form = DelegateForm(request.POST or None)
    note = f"现任{label}：{before}，自{before.starts_on}起。" if before else ""
    return form_page(
        request,
        form,
        title,
        seat_crumbs(seat, (title, "")),
        seat.get_absolute_url(),
        lambda data: service.name_delegate(
            seat_id=pk,
            facts=form.facts(role),
            request_id=data["request_id"],
            actor=request.user,
        ),
        f"{label}已登记。",
        form_note=note,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def seat_leave(request: HttpRequest, pk: int) -> HttpResponse:
    seat = kept_seat(request, pk)
    return confirm_page(
        request,
        LeaveForm(request.POST or None),
        "退出联席会",
        seat_crumbs(seat, ("退出", "")),
        seat.conference.get_absolute_url(),
        f"登记“{seat}”退出联席会？",
        ["代表和替补随之结束，会议链接不能再用；提过的议题和参会记录保留。"],
        lambda data: service.leave_seat(seat_id=pk, actor=request.user, **data),
        "已登记退出。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def delegate_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a reason (GET), then show the whole phone once (POST)."""
    delegate = get_object_or_404(
        ConferenceDelegate.objects.visible_to(request.user).select_related(
            "seat__conference__organization", "seat__unit", "seat__organization"
        ),
        pk=pk,
    )
    seat = delegate.seat
    require(request.user, Right.REVEAL_CONTACT, seat.conference.organization)
    form, value = RevealForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            value = service.reveal_delegate(
                delegate_id=pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except RuleError as error:
            add_service_error(form, error)
    context = {
        "page_title": "查看联系电话",
        "breadcrumbs": seat_crumbs(seat, ("查看联系电话", "")),
        "delegate": delegate,
        "form": form,
        "value": value,
    }
    status = 422 if form.errors else 200
    return render(request, "liaison/delegate_reveal.html", context, status=status)
