"""Monthly workbooks, closing a month, and the export centre."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.errors import RuleError
from config.lib.periods import Month
from organizations.access import Right
from organizations.models import Organization
from reports.forms import MonthlyForm, RosterExportForm, YearExportForm
from reports.models import Export, MonthClosing
from reports.monthly import month_of
from reports.services import closing, summaries
from reports.services.requests import (
    request_dues,
    request_leads,
    request_monthly,
    request_roster,
)

EXPORTS_SHOWN = 50
MONTHS_SHOWN = 12


@require_http_methods(["GET", "POST"])
def monthly(request: HttpRequest) -> HttpResponse:
    """Choose an organization and a month; the workbook is built by a job."""
    user, today = request.user, timezone.localdate()
    _require(user, Right.EXPORT)
    initial = {
        name: request.GET[name]
        for name in ("organization", "month")
        if request.GET.get(name)
    }
    form = MonthlyForm(request.POST or None, user=user, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            job = request_monthly(actor=user, today=today, **form.cleaned_data)
        except RuleError as error:
            form.add_error(None, error)
        else:
            return redirect(job)
    context = {"form": form, **_closings(user, today)}
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/monthly.html", context, status=status)


def _closings(user: Any, today: Any) -> dict[str, Any]:
    """The last months of the user's highest organization, closed or not."""
    place = next((p.organization for p in user.current_posts if p.organization), None)
    if place is None:
        return {"place": None, "months": []}
    months = summaries.kept_months(today)[::-1][1 : MONTHS_SHOWN + 1]
    closed = {
        Month.containing(row.month): row
        for row in MonthClosing.objects.visible_to(user)
        .filter(organization=place, month__in=[month.start for month in months])
        .select_related("closed_by")
        .defer("content")
    }
    may_close = place.parent_id is None and user.has_right_at(Right.CLOSE_MONTH, place)
    return {
        "place": place,
        "may_close": may_close,
        "months": [(month, closed.get(month)) for month in months],
    }


@require_http_methods(["GET", "POST"])
def close_month(request: HttpRequest, label: str) -> HttpResponse:
    """Ask, then freeze a month for the whole street."""
    user, today = request.user, timezone.localdate()
    _require(user, Right.CLOSE_MONTH)
    month = _month(label)
    street = (
        Organization.objects.with_right(user, Right.CLOSE_MONTH)
        .filter(parent__isnull=True)
        .first()
    )
    if street is None:
        raise Http404
    if request.method == "POST":
        try:
            rows = closing.close_month(
                organization_id=street.pk, month=month, actor=user, today=today
            )
        except RuleError as error:
            messages.error(request, error.text)
        else:
            messages.success(
                request, f"{month.title}已月结，共冻结 {len(rows)} 个党组织的月报。"
            )
        return redirect("reports:monthly")
    context = {
        "title": f"{month.title}月结",
        "question": f"确定办理{street}{month.title}的月结吗？",
        "consequences": [
            "本街道所有党组织当月的月报将按此刻的数据冻结，此后不再变化，不能撤销。",
            "月结后补记的活动、变动不会改变已月结的月报，可在月报页“查看变动”。",
        ],
        "confirm_label": "月结",
        "cancel_url": reverse("reports:monthly"),
        "breadcrumbs": [
            ("月报", reverse("reports:monthly")),
            (f"{month.title}月结", ""),
        ],
    }
    return render(request, "confirm.html", context)


@require_GET
def closing_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a closed month and what would be different today."""
    row = get_object_or_404(
        MonthClosing.objects.visible_to(request.user).select_related(
            "organization", "closed_by"
        ),
        pk=pk,
    )
    context: dict[str, Any] = {
        "row": row,
        "month": Month.containing(row.month),
        "breadcrumbs": [
            ("月报", reverse("reports:monthly")),
            (f"{Month.containing(row.month).title}月结", ""),
        ],
    }
    try:
        context["differences"] = closing.differences(row, timezone.localdate())
    except RuleError as error:
        context["problem"] = error.text
    context["facts"] = [
        ("党组织", row.organization),
        ("月结时间", f"{timezone.localtime(row.closed_at):%Y-%m-%d %H:%M}"),
        ("月结人", row.closed_by),
        ("校验值", row.content_sha256[:16]),
    ]
    return render(request, "reports/closing.html", context)


@require_http_methods(["GET", "POST"])
def roster_export(request: HttpRequest) -> HttpResponse:
    """Order the whole roster of a subtree as a workbook."""
    user = request.user
    _require(user, Right.EXPORT)
    form = RosterExportForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            job = request_roster(
                query=form.query(), purpose=form.cleaned_data["purpose"], actor=user
            )
        except RuleError as error:
            field = "purpose" if error.code == "purpose" else None
            form.add_error(field, error)
        else:
            return redirect(job)
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/roster_export.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def dues_export(request: HttpRequest) -> HttpResponse:
    """Order a year of dues, by person and by organization, as a workbook."""
    user, today = request.user, timezone.localdate()
    _require(user, Right.EXPORT)
    form = YearExportForm(request.POST or None, user=user, today=today)
    if request.method == "POST" and form.is_valid():
        return redirect(request_dues(actor=user, **form.cleaned_data))
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/dues_export.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def leads_export(request: HttpRequest) -> HttpResponse:
    """Order a year of 双带, deeds and who works at services, as a workbook."""
    user, today = request.user, timezone.localdate()
    _require(user, Right.EXPORT)
    form = YearExportForm(request.POST or None, user=user, today=today)
    if request.method == "POST" and form.is_valid():
        return redirect(request_leads(actor=user, **form.cleaned_data))
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/leads_export.html", {"form": form}, status=status)


@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """List the user's own exports, the latest first."""
    _require(request.user, Right.EXPORT)
    found = Export.objects.visible_to(request.user).select_related("organization")
    now = timezone.now()
    rows = [
        (export, bool(export.job_id and export.expires_at and export.expires_at > now))
        for export in found.defer("organization__contact_phone")[:EXPORTS_SHOWN]
    ]
    context = {"rows": rows, "shown": EXPORTS_SHOWN}
    return render(request, "reports/exports.html", context)


def _require(user: Any, right: Right) -> None:
    if not user.has_right(right):
        raise PermissionDenied("您的岗位没有办理这项工作的权限，请联系街道工作人员。")


def _month(label: str) -> Month:
    try:
        return month_of(label)
    except RuleError:
        raise Http404 from None
