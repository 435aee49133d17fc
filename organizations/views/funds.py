"""Funds: the overview, an organization's year, a line, what comes into it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.money import yuan
from organizations.access import Right, require, require_right
from organizations.forms.funds import (
    FundFilterForm,
    LineAmendForm,
    LineForm,
    ReasonForm,
    ReceiptForm,
)
from organizations.fund_choices import ENTERED_KINDS
from organizations.fund_tables import (
    by_organization,
    by_source,
    lines_of,
    total_of_lines,
)
from organizations.models import (
    FundLine,
    FundPayment,
    FundProject,
    FundReceipt,
    FundYear,
    Organization,
)
from organizations.services.funds import (
    add_line,
    amend_line,
    close_year,
    record_receipt,
    withdraw_receipt,
)
from organizations.views.fund_pages import (
    TITLE,
    bare_form,
    crumbs,
    kept_line,
    line_crumbs,
    may_at,
    seen_line,
    year_crumbs,
    year_tabs,
)


@require_safe
def fund_list(request: HttpRequest) -> HttpResponse:
    """All organizations with money in a year."""
    require_right(request.user, Right.VIEW_FUNDS)
    form = FundFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    year = data.get("year") or timezone.localdate().year
    rows = FundLine.objects.visible_to(request.user)
    place = data.get("organization")
    if place is not None:
        rows = rows.lying_below([place.path], rows.place)
    lines = lines_of(rows.filter(fund_year__year=year)) if data else []
    seen = FundYear.objects.visible_to(request.user).order_by()
    address = reverse("organizations:fund-list")
    within = f"organization={place.pk}&" if place else ""
    context = {
        "page_title": f"{year}年经费",
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "tabs": year_tabs(
            f"{address}?{within}year=",
            seen.values_list("year", flat=True).distinct(),
            year,
        ),
        "year": year,
        "rows": by_organization(lines),
        "total": total_of_lines(lines),
        "sources": by_source(lines),
        "is_filtered": place is not None,
        "clear_url": f"{address}?year={year}",
        "waiting": FundPayment.objects.visible_to(request.user).waiting().count(),
        "may_keep": request.user.has_right(Right.KEEP_FUNDS),
    }
    return render(request, "organizations/fund_list.html", context)


@require_safe
def fund_year(request: HttpRequest, organization_pk: int, year: int) -> HttpResponse:
    """An organization's year: its lines and its projects."""
    found = _seen_year(request, organization_pk, year)
    own = FundLine.objects.visible_to(request.user)
    lines = lines_of(own.filter(fund_year=found)) if found.pk else []
    projects = FundProject.objects.visible_to(request.user).filter(
        organization=found.organization
    )
    seen = FundYear.objects.visible_to(request.user).filter(
        organization=found.organization
    )
    address = reverse("organizations:fund-year", args=[organization_pk, year])
    context = {
        "page_title": f"{found.organization}{year}年经费",
        "breadcrumbs": crumbs((str(found), "")),
        "fund_year": found,
        "year": year,
        "tabs": year_tabs(
            address.removesuffix(f"{year}/"),
            seen.order_by().values_list("year", flat=True),
            year,
        ),
        "lines": lines,
        "total": total_of_lines(lines),
        "sources": by_source(lines),
        "projects": list(projects.of_year(year).with_money().order_by("planned_end")),
        "may_keep": may_at(request, Right.KEEP_FUNDS, found),
        # Of a closed organization too: that is all that is left to do there.
        "may_close": bool(lines)
        and not found.is_closed
        and request.user.has_right_at(Right.KEEP_FUNDS, found.organization),
    }
    return render(request, "organizations/fund_year.html", context)


def _seen_year(request: HttpRequest, organization_pk: int, year: int) -> FundYear:
    """The year of an organization in scope; one not begun is not stored."""
    places = Organization.objects.with_right(request.user, Right.VIEW_FUNDS)
    organization = get_object_or_404(places, pk=organization_pk)
    rows = FundYear.objects.visible_to(request.user).select_related("organization")
    found = rows.filter(organization=organization, year=year).first()
    return found or FundYear(organization=organization, year=year)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_line_add(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_FUNDS)
    asked = {name: request.GET.get(name, "") for name in ("organization", "year")}
    form = LineForm(request.POST or None, user=request.user, initial=asked)
    return form_page(
        request,
        form,
        "编制预算",
        crumbs(("编制预算", "")),
        reverse("organizations:fund-list"),
        lambda data: add_line(
            organization_id=data["organization"].pk,
            year=data["year"],
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已编制预算；钱到了再登记拨付。",
        then=lambda line: line.get_absolute_url(),
    )


@require_safe
def fund_line(request: HttpRequest, pk: int) -> HttpResponse:
    line = seen_line(request, pk)
    payments = FundPayment.objects.visible_to(request.user).filter(line=line)
    receipts = line.receipts.select_related("entered_by", "withdrawn_by")
    context = {
        "page_title": str(line),
        "breadcrumbs": year_crumbs(line.fund_year, (str(line), "")),
        "line": line,
        "receipts": list(receipts),
        "entered_kinds": ENTERED_KINDS,
        "payments": list(
            payments.select_related("project", "entered_by", "confirmed_by").order_by(
                "-paid_on", "-pk"
            )
        ),
        "projects": list(line.projects.with_money()),
        "may_keep": may_at(request, Right.KEEP_FUNDS, line.fund_year),
    }
    return render(request, "organizations/fund_line.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def fund_line_edit(request: HttpRequest, pk: int) -> HttpResponse:
    line = kept_line(request, pk)
    form = LineAmendForm(request.POST or None, user=request.user, instance=line)
    return form_page(
        request,
        form,
        "修改预算",
        line_crumbs(line, ("修改预算", "")),
        line.get_absolute_url(),
        lambda data: amend_line(
            line_id=pk,
            facts=form.facts(),
            reason=data["reason"],
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: kept_line(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_receipt_add(request: HttpRequest, pk: int) -> HttpResponse:
    line = kept_line(request, pk)
    form = ReceiptForm(request.POST or None)
    return form_page(
        request,
        form,
        "登记拨付",
        line_crumbs(line, ("登记拨付", "")),
        line.get_absolute_url(),
        lambda data: record_receipt(
            line_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记。",
        form_note=f"这条预算 {yuan(line.budget)} 元，"
        f"已拨付 {yuan(line.came)} 元，可用 {yuan(line.free)} 元。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_receipt_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = FundReceipt.objects.visible_to(request.user)
    receipt = get_object_or_404(rows, pk=pk)
    line = kept_line(request, receipt.line_id)
    return confirm_page(
        request,
        ReasonForm(request.POST or None),
        "撤回这条记录",
        line_crumbs(line, ("撤回拨付记录", "")),
        line.get_absolute_url(),
        f"撤回{receipt.received_on}的“{receipt}”？",
        ["记录连同原因留存，不再计入余额。"],
        lambda data: withdraw_receipt(receipt_id=pk, actor=request.user, **data),
        "已撤回。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_year_close(
    request: HttpRequest, organization_pk: int, year: int
) -> HttpResponse:
    rows = FundYear.objects.visible_to(request.user).select_related("organization")
    found = get_object_or_404(rows, organization=organization_pk, year=year)
    require(request.user, Right.KEEP_FUNDS, found.organization)
    lines = lines_of(FundLine.objects.visible_to(request.user).filter(fund_year=found))
    following = reverse("organizations:fund-year", args=[organization_pk, year + 1])
    facts: list[tuple[str, Any]] = [
        (str(line), f"{yuan(line.money.balance)} 元") for line in lines
    ]
    return confirm_page(
        request,
        bare_form(request),
        "年结并结转",
        year_crumbs(found, ("年结并结转", "")),
        found.get_absolute_url(),
        f"年结{found}，把下列余额结转到{year + 1}年？",
        [
            "年结以后，这一年不能再登记、修改、撤回，也不能重新打开。",
            f"余额和没有公示的项目转到{year + 1}年同一来源、同一用途的预算。",
        ],
        lambda data: close_year(
            organization_id=organization_pk, year=year, actor=request.user
        ),
        "已年结，余额已结转。",
        then=following if found.organization.is_open else found.get_absolute_url(),
        facts=facts,
    )
