"""Instructors: the list, one with units and records, selecting, amending, ending."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import group_tabs, page_by_key, total_of
from members.choices.instructors import GRADE_TONES, InstructorGrade, InstructorGroup
from members.forms.instructors import (
    EndForm,
    InstructorAmendForm,
    InstructorFilterForm,
    InstructorForm,
)
from members.models import (
    Instructor,
    InstructorAppraisal,
    InstructorPosting,
    InstructorRecord,
    Member,
)
from members.parameters.instructors import CALL_DAYS, LOAD, VISIT_DAYS
from members.services.instructors import (
    amend_instructor,
    end_instructor,
    select_instructor,
)
from members.views.asking import form_page
from organizations import parameters
from organizations.access import Right, require, require_right

TITLE = "党建工作指导员"
_TABS = [("", "在任"), *InstructorGroup.choices]
# Months of work shown: a year, for the appraisal.
MONTHS = 12


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("members:instructor-list")), *steps]


def instructor_crumbs(instructor: Instructor, here: str) -> list[tuple[str, str]]:
    return crumbs((instructor.name, instructor.get_absolute_url()), (here, ""))


def seen(request: HttpRequest, pk: int) -> Any:
    """The instructor, where the user sees him."""
    require_right(request.user, Right.KEEP_COVERAGE)
    rows = Instructor.objects.visible_to(request.user).with_units()
    return get_object_or_404(rows.select_related("organization", "member"), pk=pk)


def kept(request: HttpRequest, pk: int) -> Any:
    """The instructor, where the user keeps what is known of him."""
    instructor = seen(request, pk)
    require(request.user, Right.KEEP_COVERAGE, instructor.organization)
    return instructor


@require_safe
@parameters.together()
def instructor_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    form = InstructorFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group, today = data.get("group", ""), timezone.localdate()
    found = _found(request, data, group, today)
    page = page_by_key(
        found.with_units()
        .with_work(request.user, today.replace(day=1))
        .select_related("organization"),
        request.GET,
        "starts_on",
        descending=True,
    )
    address = reverse("members:instructor-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(data.get(name) for name in ("organization", "source")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
        "most": parameters.get(LOAD),
        "today": today,
    }
    return render(request, "members/instructor_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str, today: date) -> Any:
    found = Instructor.objects.visible_to(request.user)
    if not data:
        return found.none()
    if group == InstructorGroup.SILENT:
        found = found.silent(request.user, today, parameters.get(VISIT_DAYS))
    elif group == InstructorGroup.LOADED:
        found = found.loaded(parameters.get(LOAD))
    elif group == InstructorGroup.EXPIRED:
        found = found.expired(today)
    elif group == InstructorGroup.FORMER:
        found = found.former()
    elif group != InstructorGroup.ALL:
        found = found.in_office()
    if place := data["organization"]:
        found = found.lying_below([place.path])
    if data["source"]:
        found = found.filter(source=data["source"])
    return found


@require_safe
@parameters.together()
def instructor(request: HttpRequest, pk: int) -> HttpResponse:
    found, user, today = seen(request, pk), request.user, timezone.localdate()
    is_kept = user.has_right_at(Right.KEEP_COVERAGE, found.organization)
    rows = InstructorPosting.objects.visible_to(user).filter(instructor=found)
    postings = list(rows.with_last_days().select_related("unit__community"))
    records = InstructorRecord.objects.visible_to(user).filter(instructor=found)
    appraisals = InstructorAppraisal.objects.visible_to(user).filter(instructor=found)
    graded = [(each, GRADE_TONES[each.grade]) for each in appraisals]
    is_in_office = found.ended_on is None
    most = parameters.get(LOAD)
    page = page_by_key(
        records.select_related("posting__unit", "recorded_by"),
        request.GET,
        "held_on",
        descending=True,
    )
    context = {
        "page_title": found.name,
        "breadcrumbs": crumbs((found.name, "")),
        "instructor": found,
        "facts": _facts(found, is_kept),
        "member_url": _member_url(request, found),
        "postings": postings,
        "visit_before": today - timedelta(days=parameters.get(VISIT_DAYS)),
        "call_before": today - timedelta(days=parameters.get(CALL_DAYS)),
        "months": list(records.by_month()[:MONTHS]),
        "page": page,
        "total": total_of(page, records),
        "appraisals": graded,
        "is_kept": is_kept,
        "is_in_office": is_in_office,
        "may_record": is_kept or bool(postings),
        "is_expired": is_in_office and found.ends_on < today,
        "too_many": most if found.units > most else 0,
        "is_incompetent": is_in_office
        and bool(graded)
        and graded[0][0].grade == InstructorGrade.INCOMPETENT,
    }
    return render(request, "members/instructor.html", context)


def _facts(found: Instructor, is_kept: bool) -> list[tuple[str, Any]]:
    facts = [
        ("选派的党组织", found.organization),
        ("来源", found.get_source_display()),
        ("原单位和职务", found.work),
        ("联系电话", found.masked_phone),
        ("任期", f"{found.starts_on} 至 {found.ends_on}"),
    ]
    return [*facts, ("党务工作经历", found.words)] if is_kept else facts


def _member_url(request: HttpRequest, found: Instructor) -> str:
    """Where the member's own page is, for those who see it."""
    if found.member_id is None:
        return ""
    rows = Member.objects.visible_to(request.user).filter(pk=found.member_id)
    is_seen = rows.exists()
    return reverse("members:detail", args=[found.member_id]) if is_seen else ""


@require_http_methods(["GET", "HEAD", "POST"])
def instructor_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    form = InstructorForm(request.POST or None, user=request.user)
    return form_page(
        request,
        form,
        "选派指导员",
        crumbs(("选派指导员", "")),
        reverse("members:instructor-list"),
        lambda data: select_instructor(
            organization_id=data["organization"].pk,
            facts=form.chosen(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记指导员，接着登记联系的单位。",
        then=lambda saved: saved.get_absolute_url(),
        is_wide=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def instructor_edit(request: HttpRequest, pk: int) -> HttpResponse:
    found = kept(request, pk)
    form = InstructorAmendForm(request.POST or None, user=request.user, instance=found)
    return form_page(
        request,
        form,
        "修改指导员",
        instructor_crumbs(found, "修改指导员"),
        found.get_absolute_url(),
        lambda data: amend_instructor(
            instructor_id=pk,
            facts=form.amended(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: kept(request, pk),
        form_note="连任的，把任期截止改到新的日期。",
        is_wide=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def instructor_end(request: HttpRequest, pk: int) -> HttpResponse:
    found = kept(request, pk)
    form = EndForm(request.POST or None, initial={"version": found.version})
    return form_page(
        request,
        form,
        "办理离任",
        instructor_crumbs(found, "办理离任"),
        found.get_absolute_url(),
        lambda data: end_instructor(instructor_id=pk, actor=request.user, **data),
        "已办理离任；他联系的单位请另派指导员，或者重新核定覆盖形式。",
        latest=lambda: kept(request, pk),
        form_note="离任以后，他联系的单位到那一天为止，记录都留着。",
        is_danger=True,
    )
