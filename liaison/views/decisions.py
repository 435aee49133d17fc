"""Decisions of conferences: the list, one of them followed until it is closed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import group_tabs, page_by_key, total_of
from liaison.choices.conferences import DecisionGroup
from liaison.forms.decisions import (
    CloseForm,
    DecisionAmendForm,
    DecisionForm,
    NoteForm,
)
from liaison.models import (
    ConferenceDecision,
    ConferenceMeeting,
    ConferenceSeat,
    DecisionNote,
)
from liaison.services import decisions as service
from liaison.views.conference_pages import (
    agenda_of,
    crumbs,
    kept_meeting,
    meeting_crumbs,
    show_decision,
)
from members.forms.refusals import refusals
from members.views.asking import confirm_page, form_page
from organizations.access import Right, require, require_right

_LIST = "议定事项"
_TABS = [("", "逾期"), *DecisionGroup.choices]


@require_safe
def decision_list(request: HttpRequest) -> HttpResponse:
    """What is overdue first; the longest overdue on top."""
    require_right(request.user, Right.KEEP_AGREEMENTS)
    group = request.GET.get("group", "")
    found = _found(request, group)
    page = page_by_key(
        found.with_owner(),
        request.GET,
        "due_on",
        descending=group in {DecisionGroup.CLOSED, DecisionGroup.ALL},
    )
    for decision in page.rows:
        show_decision(decision)
    context = {
        "page_title": "联席会议定事项",
        "breadcrumbs": crumbs((_LIST, "")),
        "page": page,
        "total": total_of(page, found),
        "tabs": group_tabs(reverse("liaison:decision-list"), _TABS, group),
    }
    return render(request, "liaison/decision_list.html", context)


def _found(request: HttpRequest, group: str) -> QuerySet[ConferenceDecision]:
    mine = ConferenceDecision.objects.visible_to(request.user)
    if group == DecisionGroup.ALL:
        return mine
    if group == DecisionGroup.CLOSED:
        return mine.filter(closed_on__isnull=False)
    if group == DecisionGroup.OPEN:
        return mine.open()
    return mine.overdue(timezone.localdate())


def _options(request: HttpRequest, meeting: ConferenceMeeting) -> dict[str, Any]:
    """What the form of a decision chooses from."""
    seats = ConferenceSeat.objects.visible_to(request.user).open().named()
    taken = [item for item in agenda_of(request, meeting) if item.is_taken]
    return {
        "agenda": taken,
        "seats": list(seats.filter(conference=meeting.conference_id)),
        "home": str(meeting.conference.organization),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def decision_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = kept_meeting(request, pk)
    form = DecisionForm(request.POST or None, **_options(request, meeting))
    return form_page(
        request,
        form,
        "登记议定事项",
        meeting_crumbs(meeting, ("登记议定事项", "")),
        meeting.get_absolute_url(),
        lambda data: service.decide(
            meeting_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "议定事项已登记，到期没有办结的列入待办。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decision_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One decision with its notes; a further note is written here."""
    decision = _kept(request, pk)
    form, status = NoteForm(request.POST or None), 200
    if request.method == "POST":
        with refusals(form, lambda: None) as refusal:
            if form.is_valid():
                service.note_progress(
                    decision_id=pk, actor=request.user, **form.cleaned_data
                )
                messages.success(request, "进展已登记。")
                return redirect(decision)
        status = refusal.status
    show_decision(decision)
    notes = DecisionNote.objects.visible_to(request.user).filter(decision=decision)
    context = {
        "page_title": "议定事项",
        "breadcrumbs": meeting_crumbs(decision.meeting, (_LIST, "")),
        "decision": decision,
        "notes": list(notes.select_related("noted_by")),
        "form": form,
        "is_draft": True,
    }
    return render(request, "liaison/decision_detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_edit(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _kept(request, pk)
    meeting = decision.meeting
    form = DecisionAmendForm(
        request.POST or None, decision=decision, **_options(request, meeting)
    )
    return form_page(
        request,
        form,
        "修改议定事项",
        meeting_crumbs(meeting, ("修改议定事项", "")),
        decision.get_absolute_url(),
        lambda data: service.amend_decision(
            decision_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: _kept(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decision_close(request: HttpRequest, pk: int) -> HttpResponse:
    decision = _kept(request, pk)
    form = CloseForm(request.POST or None, initial={"version": decision.version})
    return confirm_page(
        request,
        form,
        "登记办结",
        meeting_crumbs(decision.meeting, ("登记办结", "")),
        decision.get_absolute_url(),
        f"登记“{decision}”办结？",
        ["办结以后不再提醒，也不再修改；记录保留。"],
        lambda data: service.close_decision(decision_id=pk, actor=request.user, **data),
        "已登记办结。",
        latest=lambda: _kept(request, pk),
    )


def _kept(request: HttpRequest, pk: int) -> ConferenceDecision:
    rows = ConferenceDecision.objects.visible_to(request.user).with_owner()
    decision = get_object_or_404(
        rows.select_related(
            "meeting__conference__organization",
            *("seat__unit", "seat__organization", "item", "closed_by", "recorded_by"),
        ),
        pk=pk,
    )
    require(
        request.user, Right.KEEP_AGREEMENTS, decision.meeting.conference.organization
    )
    return decision
