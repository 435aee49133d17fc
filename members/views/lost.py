"""A member lost from sight: the case, what was tried, and how it came out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.lib.versions import StaleError, stale_response
from members.choices.standing import DecisionKind, LostState
from members.contact_sources import last_contacts
from members.forms.members import add_service_error
from members.forms.standing import (
    FoundForm,
    LostAmendForm,
    LostCaseForm,
    SearchStepForm,
)
from members.models import LostCase, Member, SearchStep
from members.parameters.standing import SEARCH_WAYS
from members.services.lost import amend_case, open_case, record_step, report_found
from members.services.viewing import record_view
from members.views.members import member_crumbs
from organizations import parameters
from organizations.access import Right

TITLE = "失联处置"
TONES = {
    LostState.SEARCHING: "warn",
    LostState.SUSPENDED: "bad",
    LostState.FOUND: "ok",
    LostState.REMOVED: "mute",
    LostState.ENDED: "mute",
}


@require_http_methods(["GET", "POST"])
def lost_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case of the member `pk`; since his last contact, as far as is known."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    if not Member.objects.editable_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied("您的岗位不能为这位党员登记失联。")
    known = LostCase.objects.visible_to(request.user).open().filter(member=member)
    if (open_one := known.first()) is not None:
        messages.info(request, f"{member.name}已有在办的失联处置。")
        return redirect(open_one)
    last = member.lost_since or last_contacts([pk]).get(pk)
    form = LostCaseForm(request.POST or None, initial={"since": last})
    if request.method == "POST" and form.is_valid():
        try:
            case = open_case(member_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记失联，请继续查找并逐次记录。")
            return redirect(case)
    note = (
        f"{member.name}，最近联系：{last}。"
        if last
        else f"{member.name}，没有联系记录。"
    )
    context = {
        "page_title": "登记失联",
        "breadcrumbs": member_crumbs(member, "登记失联"),
        "form": form,
        "is_draft": True,
        "submit_label": "登记失联",
        "cancel_url": reverse("members:standing", args=[pk]),
        "form_note": f"{note}登记后由本支部负责查找，名册中注明失联。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    """One case with its search; writing down another attempt."""
    case = _visible(request, pk)
    may_edit = request.user.has_right_at(Right.EDIT_MEMBERS, case.organization)
    if request.method == "POST" and not may_edit:
        raise PermissionDenied("您的岗位不能记录这件失联处置。")
    form = SearchStepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_step(case_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已记录这次查找。")
            return redirect(case)
    if request.method == "GET":
        record_view(member=case.member, page="lost", actor=request.user)
    steps = list(
        SearchStep.objects.visible_to(request.user)
        .filter(case=case)
        .select_related("recorded_by")
    )
    context = {
        "page_title": f"{case.member.name}的失联处置",
        "breadcrumbs": _crumbs(case.member.name),
        "case": case,
        "tone": TONES[LostState(case.state)],
        "facts": _facts(case),
        "steps": steps,
        "ways": len({step.way for step in steps}),
        "ways_wanted": parameters.get(SEARCH_WAYS),
        "form": form,
        "may_edit": may_edit and case.is_open,
        "next": _next(case),
    }
    status = 422 if form.errors else 200
    return render(request, "members/lost.html", context, status=status)


@require_http_methods(["GET", "POST"])
def lost_amend(request: HttpRequest, pk: int) -> HttpResponse:
    case = _editable(request, pk)
    form = LostAmendForm(request.POST or None, instance=case)
    title, back = "修改失联处置", case.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            amend_case(case_id=pk, actor=request.user, **form.cleaned_data)
        except StaleError:
            fresh = _visible(request, pk)
            return stale_response(request, form, fresh, title=title, cancel_url=back)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(case)
    context = {
        "page_title": title,
        "breadcrumbs": _crumbs(title),
        "form": form,
        "is_draft": True,
        "cancel_url": back,
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def lost_found(request: HttpRequest, pk: int) -> HttpResponse:
    case = _editable(request, pk)
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report_found(case_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记取得联系，失联处置办结。")
            return redirect(case)
    context = {
        "title": "登记已取得联系",
        "page_title": "登记已取得联系",
        "breadcrumbs": _crumbs("登记已取得联系"),
        "question": f"已经与{case.member.name}取得联系？",
        "consequences": [
            "失联处置办结，名册中不再注明失联。",
            "本人居住地、工作单位变动的，请帮助转接组织关系。",
        ],
        "facts": _facts(case),
        "form": form,
        "confirm_label": "登记已取得联系",
        "cancel_url": case.get_absolute_url(),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> LostCase:
    return get_object_or_404(
        LostCase.objects.visible_to(request.user).select_related(
            "member", "organization", "opened_by"
        ),
        pk=pk,
    )


def _editable(request: HttpRequest, pk: int) -> LostCase:
    case = _visible(request, pk)
    if not request.user.has_right_at(Right.EDIT_MEMBERS, case.organization):
        raise PermissionDenied("您的岗位不能办理这件失联处置。")
    return case


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [
        ("党员名册", reverse("members:list")),
        ("失联与党籍处理", reverse("members:standing-list")),
        (last, ""),
    ]


def _facts(case: LostCase) -> list[tuple[str, Any]]:
    months = (timezone.localdate() - case.since).days // 30
    facts: list[tuple[str, Any]] = [
        ("党支部", case.organization),
        ("人员类别", case.member.get_member_type_display()),
        (
            "失去联系日期",
            f"{case.since}（约{months}个月）" if case.is_open else case.since,
        ),
        ("失联原因", case.get_reason_display()),
        ("登记", f"{case.opened_on}，{case.opened_by or '系统'}"),
        ("最后联系情况", case.circumstances),
    ]
    if case.closed_on:
        facts += [("办结日期", case.closed_on), ("办结情况", case.closing)]
    return facts


def _next(case: LostCase) -> dict[str, str]:
    """The decision that this case leads to, as its button says it."""
    if case.state == LostState.SUSPENDED:
        kinds = {
            DecisionKind.REINSTATEMENT: "提出恢复党籍",
            DecisionKind.SELF_QUIT: "提出除名",
        }
    elif case.member.member_type == Member.Type.PROBATIONARY:
        kinds = {DecisionKind.PROBATION_CANCELLED: "提出取消预备资格"}
    else:
        kinds = {DecisionKind.SUSPENSION: "提出停止党籍"}
    address = reverse("members:decision-add", args=[case.member_id])
    return {label: f"{address}?kind={kind.value}" for kind, label in kinds.items()}
