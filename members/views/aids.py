"""Writing down aid, and taking back what was written down by mistake."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from members.choices.hardship import CaseState
from members.forms.hardship import AidForm, AidWithdrawForm
from members.forms.members import add_service_error
from members.models import HardshipAid, HardshipCase
from members.rules.hardship import OPEN_STATES
from members.services.aids import record_aid, withdraw_aid
from members.services.hardship import place_of
from members.services.viewing import record_cases
from members.views.hardship_steps import case_crumbs, visible_case
from organizations.access import Right


def _require_worker(request: HttpRequest, case: HardshipCase) -> None:
    place = place_of(case)
    rights = (Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP)
    if not any(request.user.has_right_at(right, place) for right in rights):
        raise PermissionDenied("您的岗位不能登记帮扶，请联系困难帮扶专干或所在支部。")


@require_http_methods(["GET", "POST"])
def aid_add(request: HttpRequest, pk: int) -> HttpResponse:
    case = visible_case(request, pk)
    _require_worker(request, case)
    if case.state not in OPEN_STATES:
        messages.info(request, "这一件已经办结，不能再登记帮扶；仍有困难的请重新申请。")
        return redirect(case)
    form = AidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            record_aid(
                case_id=pk,
                gift=form.gift(),
                request_id=form.cleaned_data["request_id"],
                actor=request.user,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已登记帮扶。")
            return redirect(case)
    record_cases(cases=[case], page="hardship", actor=request.user)
    is_early = case.state != CaseState.RECOGNIZED
    context = {
        "page_title": "登记帮扶",
        "breadcrumbs": case_crumbs(case, "登记帮扶"),
        "form": form,
        "is_draft": True,
        "cancel_url": case.get_absolute_url(),
        "form_note": f"{case.member.name}，{case.branch_name}。"
        + ("还没有认定，急难的可以先帮扶，须写明急难原因。" if is_early else ""),
        "submit_label": "登记",
    }
    status = 422 if form.errors else 200
    return render(request, "members/member_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def aid_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    aid = get_object_or_404(
        HardshipAid.objects.visible_to(request.user)
        .counted()
        .select_related("case__member", "case__organization"),
        pk=pk,
    )
    case = aid.case
    _require_worker(request, case)
    form = AidWithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_aid(aid_id=pk, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已撤回，这一笔不再计算。")
            return redirect(case)
    record_cases(cases=[case], page="hardship", actor=request.user)
    context = {
        "title": "撤回帮扶记录",
        "page_title": "撤回帮扶记录",
        "breadcrumbs": case_crumbs(case, "撤回帮扶记录"),
        "question": f"撤回{aid.given_on}给{case.member.name}的帮扶记录？",
        "facts": [
            ("帮扶形式", aid.kind),
            ("金额", f"{aid.amount}元"),
            ("凭证号", aid.voucher_number),
        ],
        "consequences": ["记录保留并注明已撤回，金额和次数不再计算，凭证号可以再用。"],
        "form": form,
        "confirm_label": "确认撤回",
        "cancel_url": case.get_absolute_url(),
        "is_danger": True,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
