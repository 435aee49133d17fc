"""Payments: entered, waiting for a second person, confirmed, withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.money import yuan
from config.lib.paging import page_by_key, total_of
from organizations.access import Right, require, require_right
from organizations.forms.funds import PaymentForm, ReasonForm
from organizations.fund_choices import PaymentState
from organizations.models import FundLine, FundPayment, FundProject
from organizations.services.fund_payments import (
    confirm_payment,
    enter_payment,
    withdraw_payment,
)
from organizations.views.fund_pages import (
    bare_form,
    crumbs,
    kept_line,
    kept_project,
    line_crumbs,
    may_at,
    project_crumbs,
    seen_payment,
)

_WAITING = "付款待确认"


@require_safe
def fund_payment_list(request: HttpRequest) -> HttpResponse:
    """Payments that wait, for whoever may confirm or enters them."""
    require_right(request.user, Right.VIEW_FUNDS)
    found = FundPayment.objects.visible_to(request.user).waiting()
    page = page_by_key(
        found.select_related("line__fund_year__organization", "project", "entered_by"),
        request.GET,
        "paid_on",
    )
    for payment in page.rows:
        payment.is_own = payment.entered_by_id == request.user.pk
    context = {
        "page_title": _WAITING,
        "breadcrumbs": crumbs((_WAITING, "")),
        "page": page,
        "total": total_of(page, found),
        "may_confirm": request.user.has_right(Right.CONFIRM_FUNDS),
    }
    return render(request, "organizations/fund_payment_list.html", context)


@require_safe
def fund_payment(request: HttpRequest, pk: int) -> HttpResponse:
    payment = seen_payment(request, pk)
    fund_year = payment.line.fund_year
    is_waiting = payment.state == PaymentState.WAITING
    is_own = payment.entered_by == request.user
    may_confirm = may_at(request, Right.CONFIRM_FUNDS, fund_year)
    may_keep = may_at(request, Right.KEEP_FUNDS, fund_year)
    context = {
        "page_title": str(payment),
        "breadcrumbs": line_crumbs(payment.line, (str(payment), "")),
        "payment": payment,
        "is_own": is_own,
        "may_confirm": is_waiting and may_confirm and not is_own,
        "may_withdraw": (is_waiting and (may_keep or may_confirm))
        or (payment.state == PaymentState.PAID and may_confirm and not is_own),
    }
    return render(request, "organizations/fund_payment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_line_pay(request: HttpRequest, pk: int) -> HttpResponse:
    """A payment of the line itself, of what no project is to get."""
    line = kept_line(request, pk)
    left = f"“{line}”可用 {yuan(line.free)} 元（已扣除项目的拨付和待确认的付款）。"
    return _pay(request, line, None, left, line_crumbs(line, ("登记付款", "")))


@require_http_methods(["GET", "HEAD", "POST"])
def fund_project_pay(request: HttpRequest, pk: int) -> HttpResponse:
    project = kept_project(request, pk)
    left = f"项目“{project}”可用 {yuan(project.left)} 元（已扣除待确认的付款）。"
    where = project_crumbs(project, "登记付款")
    return _pay(request, project.line, project, left, where)


def _pay(
    request: HttpRequest,
    line: FundLine,
    project: FundProject | None,
    left: str,
    where: list[tuple[str, str]],
) -> HttpResponse:
    form = PaymentForm(request.POST or None, request.FILES or None)

    def save(data: dict[str, Any]) -> FundPayment:
        return enter_payment(
            line_id=line.pk,
            project_id=project.pk if project else None,
            facts=form.facts(),
            scan=data["scan"],
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记付款",
        where,
        (project or line).get_absolute_url(),
        save,
        "已登记，金额已预留，等另一个人确认。",
        form_note=left,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_payment_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    payment = seen_payment(request, pk)
    require(request.user, Right.CONFIRM_FUNDS, payment.line.fund_year.organization)
    facts = [
        ("党组织", payment.line.fund_year.organization),
        ("经费预算", payment.line),
        ("经费项目", payment.project or "没有，直接列支"),
        ("付款日期", payment.paid_on.isoformat()),
        ("金额", f"{yuan(payment.amount)} 元"),
        ("凭证号", payment.voucher),
        ("收款人", payment.payee),
        ("付款事由", payment.purpose),
        ("登记人", payment.entered_by),
    ]
    return confirm_page(
        request,
        bare_form(request),
        "确认付款",
        line_crumbs(payment.line, (str(payment), payment.get_absolute_url())),
        payment.get_absolute_url(),
        "核对凭证无误，确认这笔付款？",
        ["确认以后计入支出；登记的人不能自己确认。"],
        lambda data: confirm_payment(payment_id=pk, actor=request.user),
        "已确认付款。",
        then=reverse("organizations:fund-payment-list"),
        is_danger=False,
        facts=facts,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_payment_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    payment = seen_payment(request, pk)
    return confirm_page(
        request,
        ReasonForm(request.POST or None),
        "撤回付款",
        line_crumbs(payment.line, (str(payment), payment.get_absolute_url())),
        payment.get_absolute_url(),
        f"撤回“{payment}”？",
        ["付款连同原因留存，金额退回余额。"],
        lambda data: withdraw_payment(payment_id=pk, actor=request.user, **data),
        "已撤回付款。",
    )
