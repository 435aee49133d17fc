"""Beginning, ending, moving and reopening the relation to a branch."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.lib.errors import RuleError
from members.choices import AffiliationKind
from members.forms.members import (
    AffiliationEndForm,
    AffiliationMoveForm,
    AffiliationStartForm,
    add_service_error,
)
from members.models import Affiliation, Member
from members.services.affiliations import (
    end_affiliation,
    move_affiliation,
    reopen_affiliation,
    start_affiliation,
)
from members.views.members import member_crumbs, readable_member
from organizations.access import Right, require

_END_CONSEQUENCES = [
    "结束后，该同志不再计入本支部，本支部账号不能再查看其信息。",
    "档案、活动和历次报表保留，不会删除。",
]
_ON_ROLL_CONSEQUENCES = [
    "已月结的报表不变。结束有误的，可请街道工作人员撤销。",
]


@require_http_methods(["GET", "POST"])
def affiliation_add(request: HttpRequest, pk: int) -> HttpResponse:
    member, _ = readable_member(request, pk)
    if not request.user.has_right(Right.EDIT_MEMBERS):
        raise PermissionDenied("您的岗位不能建立隶属关系。")
    form = AffiliationStartForm(
        request.POST or None,
        user=request.user,
        initial={"starts_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            started = start_affiliation(
                member_id=member.pk,
                organization_id=data.pop("organization").pk,
                actor=request.user,
                **data,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已在{started.organization}建立隶属关系。")
            return redirect(member)
    context = {
        "page_title": "新增隶属关系",
        "breadcrumbs": member_crumbs(member, "新增隶属关系"),
        "form": form,
        "is_draft": True,
        "cancel_url": member.get_absolute_url(),
        "form_note": "组织关系只能在一个党支部；在别处在册的，这里只能登记协管或流入。",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def affiliation_end(request: HttpRequest, pk: int) -> HttpResponse:
    affiliation = _open_affiliation(request, pk)
    form = AffiliationEndForm(
        request.POST or None,
        user=request.user,
        affiliation=affiliation,
        initial={"ends_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            end_affiliation(affiliation_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            ended = (
                f"已结束{affiliation.member.name}在{affiliation.organization}的"
                f"{affiliation.get_kind_display()}关系。"
            )
            return _back(request, affiliation.member, ended)
    is_on_roll = affiliation.kind == AffiliationKind.ON_ROLL
    extra = _ON_ROLL_CONSEQUENCES if is_on_roll else []
    return _confirm(
        request,
        affiliation,
        form,
        title="结束隶属关系",
        question=f"结束{affiliation.member.name}在{affiliation.organization}的"
        f"{affiliation.get_kind_display()}关系？",
        consequences=[*_END_CONSEQUENCES, *extra],
        confirm_label="确认结束",
        is_danger=True,
    )


@require_http_methods(["GET", "POST"])
def affiliation_move(request: HttpRequest, pk: int) -> HttpResponse:
    affiliation = _open_affiliation(request, pk)
    form = AffiliationMoveForm(
        request.POST or None,
        user=request.user,
        initial={"moved_on": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        target = data.pop("organization")
        try:
            move_affiliation(
                affiliation_id=pk,
                organization_id=target.pk,
                actor=request.user,
                **data,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            name = affiliation.member.name
            return _back(request, affiliation.member, f"已把{name}调整到{target}。")
    return _confirm(
        request,
        affiliation,
        form,
        title="支部调整",
        question=f"把{affiliation.member.name}从{affiliation.organization}"
        "调整到另一个党支部？",
        consequences=[
            "原支部的关系在调整日期结束，新支部的关系同日开始，中间不断档。",
            "当月报表中，原支部记为街道内调出，新支部记为街道内调入。",
        ],
        confirm_label="确认调整",
    )


@require_http_methods(["GET", "POST"])
def affiliation_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    affiliation = get_object_or_404(
        Affiliation.objects.visible_to(request.user).select_related(
            "member", "organization"
        ),
        pk=pk,
        ends_on__isnull=False,
    )
    require(request.user, Right.SETTLE_CLAIMS, affiliation.organization)
    question = (
        f"撤销{affiliation.member.name}在{affiliation.organization}的结束登记，恢复"
        f"{affiliation.get_kind_display()}关系？"
    )
    if request.method == "POST":
        try:
            reopen_affiliation(affiliation_id=pk, actor=request.user)
        except RuleError as error:
            messages.error(request, error.text)
        else:
            messages.success(
                request,
                f"已恢复{affiliation.member.name}在{affiliation.organization}的关系。",
            )
        return redirect(affiliation.member)
    return _confirm(
        request,
        affiliation,
        None,
        title="撤销结束登记",
        question=question,
        consequences=["从原结束日期起重新计入该支部；已月结的报表不变。"],
        confirm_label="确认撤销",
    )


def _open_affiliation(request: HttpRequest, pk: int) -> Affiliation:
    affiliation = get_object_or_404(
        Affiliation.objects.visible_to(request.user)
        .open()
        .select_related("member", "organization"),
        pk=pk,
    )
    require(request.user, Right.EDIT_MEMBERS, affiliation.organization)
    return affiliation


def _back(request: HttpRequest, member: Member, message: str) -> HttpResponse:
    """Return to the person, or to the list where it has left the user's scope."""
    messages.success(request, message)
    if Member.objects.visible_to(request.user).filter(pk=member.pk).exists():
        return redirect(member)
    return redirect("members:list")


def _confirm(
    request: HttpRequest,
    affiliation: Affiliation,
    form: Any,
    *,
    title: str,
    **context: Any,
) -> HttpResponse:
    member = affiliation.member
    page = {
        "title": title,
        "page_title": title,
        "breadcrumbs": member_crumbs(member, title),
        "facts": [
            ("姓名", member.name),
            ("党支部", affiliation.organization),
            ("隶属方式", affiliation.get_kind_display()),
            ("开始日期", affiliation.starts_on),
        ],
        "form": form,
        "cancel_url": member.get_absolute_url(),
        **context,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "confirm.html", page, status=status)
