"""What instructors do: their units, visits and calls, reports, appraisals."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from members.forms.instructors import (
    AppraiseForm,
    AssignForm,
    PostingEndForm,
    RecordForm,
    RecordReasonForm,
)
from members.models import Instructor, InstructorPosting, InstructorRecord
from members.parameters.instructors import LOAD
from members.services.instructor_records import (
    appraise,
    record_work,
    withdraw_record,
)
from members.services.instructors import assign_unit, end_posting
from members.views.asking import confirm_page, form_page
from members.views.instructors import instructor_crumbs, kept, seen
from organizations import parameters
from organizations.access import Right, require_right

# Local rule: how long after a unit was left its visits may be entered still.
LATE_DAYS = 92


@require_http_methods(["GET", "HEAD", "POST"])
def unit_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    form = AssignForm(request.POST or None, user=request.user)

    def save(data: dict) -> InstructorPosting:
        posting = assign_unit(
            instructor_id=pk,
            unit_id=data["unit"].pk,
            starts_on=data["starts_on"],
            actor=request.user,
        )
        _warn_of_load(request, found)
        return posting

    return form_page(
        request,
        form,
        "登记联系的单位",
        instructor_crumbs(found, "登记联系的单位"),
        found.get_absolute_url(),
        save,
        "已登记。这家单位由指导员覆盖的，还要核定覆盖形式。",
    )


def _warn_of_load(request: HttpRequest, found: Instructor) -> None:
    units, most = found.postings.current().count(), parameters.get(LOAD)
    if units > most:
        messages.warning(
            request, f"{found.name}已联系 {units} 家单位，一般不超过 {most} 家。"
        )


@require_http_methods(["GET", "HEAD", "POST"])
def unit_end(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    rows = InstructorPosting.objects.visible_to(request.user)
    posting = get_object_or_404(rows.select_related("instructor", "unit"), pk=pk)
    found = posting.instructor
    return confirm_page(
        request,
        PostingEndForm(request.POST or None),
        "结束联系",
        instructor_crumbs(found, "结束联系"),
        found.get_absolute_url(),
        f"{found.name}不再联系“{posting.unit}”？",
        ["以前的记录留着；这家单位请另派指导员，或者重新核定覆盖形式。"],
        lambda data: end_posting(posting_id=pk, actor=request.user, **data),
        "已结束联系。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record_add(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen(request, pk)
    rows = InstructorPosting.objects.visible_to(request.user).filter(instructor=found)
    # What was done before a unit was left is often written down afterwards.
    since = timezone.localdate() - timedelta(days=LATE_DAYS)
    postings = list(rows.lately(since).select_related("unit"))
    form = RecordForm(request.POST or None, postings=postings)
    return form_page(
        request,
        form,
        "登记工作",
        instructor_crumbs(found, "登记工作"),
        found.get_absolute_url(),
        lambda data: record_work(
            instructor_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def record_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    rows = InstructorRecord.objects.visible_to(request.user)
    record = get_object_or_404(rows.select_related("instructor"), pk=pk)
    found = record.instructor
    return confirm_page(
        request,
        RecordReasonForm(request.POST or None),
        "撤回工作记录",
        instructor_crumbs(found, "撤回工作记录"),
        found.get_absolute_url(),
        f"撤回{record}？",
        ["记错了的才撤回；撤回以后不再计数，原来的内容留着，写明已撤回。"],
        lambda data: withdraw_record(
            record_id=pk, reason=data["reason"], actor=request.user
        ),
        "已撤回。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def instructor_appraise(request: HttpRequest, pk: int) -> HttpResponse:
    found = kept(request, pk)
    form = AppraiseForm(request.POST or None, instructor=found)
    return form_page(
        request,
        form,
        "年度考核",
        instructor_crumbs(found, "年度考核"),
        found.get_absolute_url(),
        lambda data: appraise(instructor_id=pk, actor=request.user, **data),
        "已登记考核等次。",
        form_note="同一年再登记一次，就改正那一年的等次。",
    )
