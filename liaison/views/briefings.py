"""Briefings of conferences: issued, read in the portal, and who has read them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import page_by_key, total_of
from liaison.forms.decisions import BriefingForm
from liaison.models import Briefing, BriefingRead, ConferenceSeat
from liaison.services import briefings as service
from liaison.views.conference_pages import kept_meeting, meeting_crumbs
from members.views.asking import form_page
from organizations.access import Right, require_right
from organizations.choices import Role
from organizations.models import Post
from organizations.querysets import within

_LIST = "联席会通报"
_READERS = (Role.COMMUNITY_SECRETARY, Role.BRANCH_SECRETARY)


@require_safe
def briefing_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_MEMBERS)
    found = Briefing.objects.visible_to(request.user)
    page = page_by_key(
        found.select_related("meeting__conference__organization").defer("words"),
        request.GET,
        "issued_at",
        descending=True,
    )
    mine = BriefingRead.objects.filter(reader=request.user, briefing__in=page.rows)
    read = set(mine.values_list("briefing", flat=True))
    for briefing in page.rows:
        briefing.is_read = briefing.pk in read
    context = {
        "page_title": _LIST,
        "breadcrumbs": [(_LIST, "")],
        "page": page,
        "total": total_of(page, found),
    }
    return render(request, "liaison/briefing_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The briefing; pressing the button says that it was read."""
    briefing = get_object_or_404(
        Briefing.objects.visible_to(request.user).select_related(
            "meeting__conference__organization", "issued_by"
        ),
        pk=pk,
    )
    if request.method == "POST":
        service.read_in_portal(briefing_id=pk, actor=request.user)
        messages.success(request, "已登记阅读。")
        return redirect(briefing)
    home = briefing.meeting.conference.organization
    reads = list(briefing.reads.all())
    is_keeper = request.user.has_right_at(Right.KEEP_AGREEMENTS, home)
    context = {
        "page_title": briefing.title,
        "breadcrumbs": [
            (_LIST, reverse("liaison:briefing-list")),
            (briefing.title, ""),
        ],
        "briefing": briefing,
        "is_read": any(read.reader_id == request.user.pk for read in reads),
        "is_keeper": is_keeper,
        **(_readers(request, briefing, reads) if is_keeper else {}),
    }
    return render(request, "liaison/briefing_detail.html", context)


def _readers(
    request: HttpRequest, briefing: Briefing, reads: list[BriefingRead]
) -> dict[str, Any]:
    """Units and secretaries, each with `read_at` or None; in the order of the tree."""
    conference = briefing.meeting.conference
    by_seat = {read.seat_id: read.read_at for read in reads}
    by_user = {read.reader_id: read.read_at for read in reads}
    seats = ConferenceSeat.objects.visible_to(request.user).open().named()
    posts = (
        Post.objects.in_force(timezone.localdate())
        .filter(role__in=_READERS, user__is_active=True)
        .filter(within([conference.organization.path], "organization__path"))
        .select_related("user", "organization")
        .order_by("organization__path", "pk")
    )
    return {
        "units": [
            (seat, by_seat.get(seat.pk)) for seat in seats.filter(conference=conference)
        ],
        "people": [
            (post.user, post.organization, by_user.get(post.user_id)) for post in posts
        ],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def briefing_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    initial = {"title": f"关于{meeting.title}情况的通报"[:80]}
    form = BriefingForm(request.POST or None, initial=initial)
    return form_page(
        request,
        form,
        "发通报",
        meeting_crumbs(meeting, ("发通报", "")),
        meeting.get_absolute_url(),
        lambda data: service.issue_briefing(meeting_id=pk, actor=request.user, **data),
        "通报已签发；成员单位打开会议链接就能看到。",
        form_note="签发以后不再修改。成员单位用会议链接看，辖区的书记在“联席会通报”里看。",
        submit_label="签发",
    )
