"""Dues of one person: how he stands, months behind or ahead, less by approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.paging import page_by_key
from config.lib.versions import StaleError, stale_response
from members.choices import AffiliationKind, MembershipStatus
from members.choices.dues import PayerKind
from members.dues import standing_words
from members.forms.dues import OpeningForm, PayForm, ReductionForm
from members.models import (
    Affiliation,
    Commendation,
    DuesBase,
    DuesMonth,
    DuesStanding,
    Member,
)
from members.rules import dues as rules
from members.services.dues import pay_months, set_opening, withdraw_month
from members.services.dues_bases import grant_reduction, withdraw_reduction
from members.services.viewing import record_view
from members.tabs import tabs
from members.views.members import member_crumbs, readable_member
from organizations.access import Right

TAB = "党费与表彰"
LATE_MONTHS = 6


@require_safe
def member_dues(request: HttpRequest, pk: int) -> HttpResponse:
    """Dues for whoever sees the roll, commendations for whoever sees the person."""
    member, is_gone = readable_member(request, pk)
    user, today = request.user, timezone.localdate()
    record_view(member=member, page="dues", actor=user)
    roll = _roll(request, pk)
    context: dict[str, Any] = {
        "page_title": member.name,
        "breadcrumbs": member_crumbs(member, TAB),
        "tabs": tabs(member, "dues", user),
        "member": member,
        "roll": roll,
        "may_commend": not is_gone
        and Member.objects.editable_by(user).filter(pk=pk).exists(),
        "commendations": Commendation.objects.visible_to(user)
        .filter(member=pk)
        .select_related("organization"),
    }
    if roll is not None:
        standing = DuesStanding.objects.visible_to(user).filter(member=pk).first()
        months = DuesMonth.objects.visible_to(user).filter(member=pk)
        context |= {
            "standing": standing,
            "state": _state(member, standing, today),
            "is_suspended": member.status == MembershipStatus.SUSPENDED,
            "bases": _bases(request, pk),
            "may_edit": user.has_right_at(Right.EDIT_MEMBERS, roll.organization),
            "page": page_by_key(
                months.select_related("organization", "recorded_by"),
                request.GET,
                "month",
                descending=True,
            ),
        }
    return render(request, "members/member_dues.html", context)


def _roll(request: HttpRequest, pk: int) -> Affiliation | None:
    return (
        Affiliation.objects.visible_to(request.user)
        .open()
        .filter(member=pk, kind=AffiliationKind.ON_ROLL)
        .select_related("organization", "member")
        .first()
    )


def _state(
    member: Member, standing: DuesStanding | None, today: Any
) -> tuple[str, str]:
    if member.status == MembershipStatus.SUSPENDED:
        return "停止党籍期间不收党费", "mute"
    return standing_words(standing.paid_to if standing else None, today)


def _bases(request: HttpRequest, pk: int) -> list[DuesBase]:
    found = list(
        DuesBase.objects.visible_to(request.user)
        .filter(member=pk)
        .select_related("recorded_by")[:30]
    )
    for row in found:
        row.is_reduction = row.kind == PayerKind.REDUCED
        row.until = rules.step(row.ends_on, -1) if row.ends_on else None
    return found


def _editable(request: HttpRequest, pk: int) -> Member:
    """The member whose dues one may write down: 404 unseen, 403 not on one's roll."""
    member = get_object_or_404(Member.objects.visible_to(request.user), pk=pk)
    roll = _roll(request, pk)
    may_edit = roll is not None and request.user.has_right_at(
        Right.EDIT_MEMBERS, roll.organization
    )
    if not may_edit:
        raise PermissionDenied("党费由在册党支部收缴，您的岗位不能办理。")
    return member


@require_http_methods(["GET", "POST"])
def dues_pay(request: HttpRequest, pk: int) -> HttpResponse:
    member = _editable(request, pk)
    form = PayForm(request.POST or None, initial=_next_months(request, pk))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            number = pay_months(member_id=pk, actor=request.user, **data)
        except ValidationError as error:
            _refuse(form, error)
        else:
            text = f"已登记{member.name}{number}个月的党费。"
            messages.success(request, text if number else "这些月份此前已经登记。")
            today = timezone.localdate().replace(day=1)
            if rules.months_between(data["first"], today) > LATE_MONTHS:
                messages.warning(
                    request,
                    "补交已超过6个月，请支部核实原因"
                    f"（{rules.REGULATION}第十二条：补交一般不超过6个月）。",
                )
            return redirect("members:dues", pk)
    return _form_page(request, member, form, "登记补交、预交", "登记")


def _next_months(request: HttpRequest, pk: int) -> dict[str, Any]:
    """From the first month that is not paid to this one, or that one alone."""
    standing = DuesStanding.objects.visible_to(request.user).filter(member=pk).first()
    this = timezone.localdate().replace(day=1)
    first = rules.step(standing.paid_to, 1) if standing else this
    return {"first": first, "last": max(first, this)}


@require_http_methods(["GET", "POST"])
def dues_reduction(request: HttpRequest, pk: int) -> HttpResponse:
    member = _editable(request, pk)
    form = ReductionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            grant_reduction(member_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            _refuse(form, error)
        else:
            messages.success(request, f"已登记{member.name}的少交或免交。")
            return redirect("members:dues", pk)
    return _form_page(request, member, form, "登记少交、免交", "登记")


@require_http_methods(["GET", "POST"])
def dues_opening(request: HttpRequest, pk: int) -> HttpResponse:
    member = _editable(request, pk)
    standings = DuesStanding.objects.visible_to(request.user).filter(member=pk)
    standing = standings.first() or DuesStanding(member=member)
    form = OpeningForm(request.POST or None, instance=standing)
    if request.method == "POST" and form.is_valid():
        try:
            set_opening(member_id=pk, actor=request.user, **form.cleaned_data)
        except StaleError:
            return stale_response(
                request,
                form,
                standings.get(),
                title=f"{member.name}此前已交至",
                cancel_url=reverse("members:dues", args=[pk]),
            )
        except ValidationError as error:
            _refuse(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect("members:dues", pk)
    return _form_page(request, member, form, "此前已交至", "保存")


@require_http_methods(["GET", "POST"])
def dues_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        DuesMonth.objects.visible_to(request.user).counted().select_related("member"),
        pk=pk,
    )
    _editable(request, row.member_id)
    if request.method == "POST":
        withdraw_month(row_id=pk, actor=request.user)
        messages.success(request, "已撤回，这个月重新算作未交。")
        return redirect("members:dues", row.member_id)
    return _confirm_page(
        request,
        row.member,
        title="撤回党费登记",
        question=f"撤回{row.member.name}{row.month:%Y-%m}的党费登记？",
        facts=[("实交", f"{row.paid}元"), ("交纳日期", row.paid_on)],
        consequences=["登记保留并注明已撤回；“交至”月份随之重新计算。"],
    )


@require_http_methods(["GET", "POST"])
def dues_reduction_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(
        DuesBase.objects.visible_to(request.user)
        .counted()
        .filter(kind=PayerKind.REDUCED)
        .select_related("member"),
        pk=pk,
    )
    _editable(request, row.member_id)
    if request.method == "POST":
        withdraw_reduction(row_id=pk, actor=request.user)
        messages.success(request, "已撤回，期间恢复原来的标准。")
        return redirect("members:dues", row.member_id)
    return _confirm_page(
        request,
        row.member,
        title="撤回少交、免交",
        question=f"撤回{row.member.name}从{row.starts_on:%Y-%m}起的少交或免交？",
        facts=[("每月应交", f"{row.monthly}元"), ("批准的党委", row.approver)],
        consequences=["已经登记的月份不变；没有登记的月份按原来的标准。"],
    )


def _refuse(form: Any, error: ValidationError) -> None:
    code = {"paid": "each", "value": "monthly", "paid_to": "opened_to"}.get(
        error.code or "", error.code
    )
    form.add_error(code if code in form.fields else None, error)


def _form_page(
    request: HttpRequest, member: Member, form: Any, title: str, submit: str
) -> HttpResponse:
    context = {
        "page_title": f"{member.name}{title}",
        "breadcrumbs": member_crumbs(member, title),
        "form": form,
        "is_draft": True,
        "submit_label": submit,
        "cancel_url": reverse("members:dues", args=[member.pk]),
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


def _confirm_page(
    request: HttpRequest, member: Member, *, title: str, **context: Any
) -> HttpResponse:
    context |= {
        "title": title,
        "page_title": title,
        "breadcrumbs": member_crumbs(member, title),
        "confirm_label": "确认撤回",
        "cancel_url": reverse("members:dues", args=[member.pk]),
    }
    return render(request, "confirm.html", context)
