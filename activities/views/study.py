"""Study hours of members and what they studied alone."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.forms.study import (
    AnswerForm,
    SelfStudyFilterForm,
    SelfStudyForm,
    StudyFilterForm,
)
from activities.models import SelfStudy
from activities.papers import papers_of
from activities.services.achievements import recording_organization
from activities.services.study import (
    answer_question,
    record_self_study,
    withdraw_self_study,
)
from activities.study import behind, hours_by_member, hours_of, learners, totals
from activities.views.activities import ReasonForm
from config.lib.paging import page_by_key, total_of
from members.forms.members import add_service_error
from members.forms.refusals import refusals
from members.models import Member, Officer
from members.services.viewing import record_view
from organizations.access import Right
from organizations.models import Organization

HOURS, SELF = "学时进度", "自学与提问"


def _below(request: HttpRequest, form: Any) -> Any:
    """Where the user sees members, below the place that a filter names."""
    seen = Organization.objects.with_members_visible_to(request.user)
    if not form.is_valid():
        return seen.none()
    chosen = form.cleaned_data["organization"]
    return seen if chosen is None else seen & Organization.objects.subtree(chosen)


def _require_members(request: HttpRequest) -> None:
    if not request.user.has_right(Right.VIEW_MEMBERS):
        raise PermissionDenied


@require_safe
def study(request: HttpRequest) -> HttpResponse:
    """Every member's hours of this year by name, or those behind alone."""
    _require_members(request)
    today = timezone.localdate()
    form = StudyFilterForm(request.GET, user=request.user)
    here = _below(request, form)
    people = learners(here)
    sums = totals(people, today)
    is_narrowed = form.is_valid() and form.cleaned_data["show"] == "behind"
    if is_narrowed:
        people = behind(people, here, today)
    page = page_by_key(
        people.select_related("member", "organization"),
        request.GET,
        "member__name_pinyin",
    )
    context = {
        "page_title": HOURS,
        "breadcrumbs": [(HOURS, "")],
        "form": form,
        "page": page,
        "rows": hours_by_member(page.rows, today),
        "totals": sums,
        "node": _node(request, form),
        "total": sums.behind if is_narrowed else sums.people,
        "today": today,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "clear_url": reverse("activities:study"),
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
    }
    return render(request, "activities/study.html", context)


def _node(request: HttpRequest, form: Any) -> Organization | None:
    """The place chosen, or the user's own where he has but one."""
    if form.is_valid() and form.cleaned_data["organization"]:
        return form.cleaned_data["organization"]
    posts = {post.organization for post in request.user.current_posts}
    return posts.pop() if len(posts) == 1 else None


@require_safe
def member_study(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: hours of this year by kind, what he studied alone, questions."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    record_view(member=member, page="study", actor=request.user)
    today = timezone.localdate()
    mine = SelfStudy.objects.visible_to(request.user).filter(member=member)
    page = page_by_key(
        mine.select_related("organization", "recorded_by"),
        request.GET,
        "studied_on",
        descending=True,
    )
    posts = Officer.objects.visible_to(request.user).filter(member=member)
    context = {
        "page_title": f"{member.name}的学习",
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (member.name, member.get_absolute_url()),
            ("学习", ""),
        ],
        "member": member,
        "hours": hours_of([pk], today)[pk],
        "year": today.year,
        "posts": posts.in_force_on(today).select_related("organization"),
        "page": page,
        "total": total_of(page, mine),
        "papers": papers_of(request.user, member),
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
    }
    return render(request, "activities/member_study.html", context)


@require_safe
def self_study_list(request: HttpRequest) -> HttpResponse:
    """What members studied alone; questions that wait for an answer."""
    _require_members(request)
    form = SelfStudyFilterForm(request.GET, user=request.user)
    found = SelfStudy.objects.visible_to(request.user).counted()
    if not form.is_valid():
        found = found.none()
    elif form.cleaned_data["organization"]:
        people = learners(_below(request, form)).values("member_id")
        found = found.filter(member__in=people)
    if form.is_valid() and form.cleaned_data["show"] == "open":
        found = found.open_questions()
    page = page_by_key(
        found.select_related("member", "organization"),
        request.GET,
        "studied_on",
        descending=True,
    )
    context = {
        "page_title": SELF,
        "breadcrumbs": [(SELF, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "clear_url": reverse("activities:self-study-list"),
        "may_record": request.user.has_right(Right.RECORD_ACTIVITIES),
    }
    return render(request, "activities/self_study_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def self_study_add(request: HttpRequest, member_pk: int) -> HttpResponse:
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=member_pk)
    recording_organization(member, request.user)
    initial = {"studied_on": timezone.localdate(), "hours": 1, "request_id": uuid4()}
    form = SelfStudyForm(request.POST or None, user=request.user, initial=initial)
    back = reverse("activities:member-study", args=[member.pk])
    if request.method == "POST" and form.is_valid():
        try:
            record_self_study(
                member_id=member.pk,
                actor=request.user,
                today=timezone.localdate(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已登记{member.name}的自学。")
            return redirect(back)
    return _form_page(request, form, f"登记{member.name}的自学", back, member)


@require_http_methods(["GET", "HEAD", "POST"])
def self_study_answer(request: HttpRequest, pk: int) -> HttpResponse:
    study = _self_study(request, pk)
    initial = {
        "answered_by": study.answered_by,
        "answer": study.answer,
        "answered_on": study.answered_on or timezone.localdate(),
        "version": study.version,
    }
    form = AnswerForm(request.POST or None, user=request.user, initial=initial)
    back = reverse("activities:member-study", args=[study.member_id])
    status = 200
    if request.method == "POST":
        with refusals(form, lambda: _self_study(request, pk)) as refusal:
            if form.is_valid():
                answer_question(
                    study_id=pk,
                    actor=request.user,
                    today=timezone.localdate(),
                    **form.cleaned_data,
                )
                messages.success(request, "已登记解答。")
                return redirect(back)
        status, study = refusal.status, refusal.latest or study
    note = f"{study.member.name}的问号：{study.question}"
    return _form_page(
        request, form, "登记解答", back, study.member, status=status, form_note=note
    )


@require_http_methods(["GET", "HEAD", "POST"])
def self_study_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    study = _self_study(request, pk)
    form = ReasonForm(request.POST or None)
    back = reverse("activities:member-study", args=[study.member_id])
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_self_study(
                study_id=pk, reason=form.cleaned_data["reason"], actor=request.user
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "已撤回这条自学记录。")
            return redirect(back)
    context = {
        "title": "撤回自学记录",
        "question": f"确定撤回{study.member.name}的这条自学记录吗？",
        "facts": [
            ("自学日期", study.studied_on.isoformat()),
            ("学时", f"{study.hours.normalize():f}"),
            ("自学内容", study.material),
        ],
        "consequences": ["记录会保留备查，但不再计入学时。"],
        "form": form,
        "confirm_label": "确定撤回",
        "cancel_url": back,
        "is_danger": True,
        "breadcrumbs": _crumbs(study.member, "撤回自学记录"),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _self_study(request: HttpRequest, pk: int) -> SelfStudy:
    """A record that counts, for somebody who records for the member."""
    found = SelfStudy.objects.visible_to(request.user).counted()
    study = get_object_or_404(found.select_related("member"), pk=pk)
    recording_organization(study.member, request.user)
    return study


def _crumbs(member: Member, last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        (member.name, member.get_absolute_url()),
        ("学习", reverse("activities:member-study", args=[member.pk])),
        (last, ""),
    ]


def _form_page(
    request: HttpRequest,
    form: Any,
    title: str,
    back: str,
    member: Member,
    *,
    status: int = 200,
    form_note: str = "",
) -> HttpResponse:
    context = {
        "page_title": title,
        "breadcrumbs": _crumbs(member, title),
        "form": form,
        "form_note": form_note,
        "is_draft": True,
        "cancel_url": back,
    }
    status = 422 if form.errors and status == 200 else status
    return render(request, "form.html", context, status=status)
