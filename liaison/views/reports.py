"""What home units told: the list, one of them, settling it and passing it on."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from config.lib.paging import page_by_key
from liaison.choices.reports import ReportKind, ReportState
from liaison.forms.reports import PassOnForm, ReportFilter, SettleForm
from liaison.models import LiaisonCard, UnitReport
from liaison.services import reports as service
from members.forms.refusals import refusals
from organizations.access import Right, require_right
from organizations.models import Organization

LIST = "单位反映"


@require_GET
def report_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_CARDS)
    form = ReportFilter(request.GET)
    reports = form.narrow(UnitReport.objects.visible_to(request.user))
    page = page_by_key(
        reports.select_related("work_unit", "organization"),
        request.GET,
        descending=True,
    )
    context = {
        "page_title": LIST,
        "breadcrumbs": [(LIST, "")],
        "form": form,
        "is_filtered": form.is_filtered,
        "clear_url": request.path,
        "page": page,
    }
    return render(request, "liaison/report_list.html", context)


@require_GET
def report_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _report(request, pk))


def _report(request: HttpRequest, pk: int) -> UnitReport:
    reports = UnitReport.objects.visible_to(request.user).select_related(
        "work_unit", "organization", "settled_by", "entered_by", "card__member"
    )
    return get_object_or_404(reports.select_related("packet__period"), pk=pk)


def _page(
    request: HttpRequest,
    report: UnitReport,
    *,
    settle: SettleForm | None = None,
    pass_on: PassOnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    is_open = report.state == ReportState.OPEN
    context = {
        "page_title": f"{report.get_kind_display()} · {report.person_name}",
        "breadcrumbs": [(LIST, reverse("liaison:report-list")), (str(report.pk), "")],
        "report": report,
        "facts": _facts(report),
        "card": _card(request, report),
        "is_left": report.kind == ReportKind.LEFT,
        "is_followed": service.is_followed(report),
        "settle_form": (settle or SettleForm(instance=report)) if is_open else None,
        "pass_on_form": (pass_on or _pass_on(request, report)) if is_open else None,
    }
    return render(request, "liaison/report_detail.html", context, status=status)


def _facts(report: UnitReport) -> list[tuple[str, Any]]:
    return [
        ("单位", report.work_unit.name),
        ("反映人", report.told_by),
        ("反映时间", f"{report.told_at.astimezone():%Y-%m-%d %H:%M}"),
        ("反馈材料", f"{report.packet.title}（{report.packet.number}）"),
        ("办理的党组织", str(report.organization)),
    ]


def _card(request: HttpRequest, report: UnitReport) -> LiaisonCard | None:
    """The card, where the user sees it."""
    if report.card_id is None:
        return None
    cards = LiaisonCard.objects.visible_to(request.user).select_related("member")
    return cards.filter(pk=report.card_id).first()


def _pass_on(request: HttpRequest, report: UnitReport, data: Any = None) -> PassOnForm:
    return PassOnForm(data, instance=report, user=request.user, auto_id="pass_%s")


@require_POST
def report_settle(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    form = SettleForm(request.POST, instance=report)
    status = 422
    if form.is_valid():
        with refusals(form, lambda: _report(request, pk)) as refusal:
            service.settle_report(
                report_id=pk,
                version=form.cleaned_data["version"],
                outcome=form.cleaned_data["outcome"],
                reply=form.cleaned_data["reply"],
                actor=request.user,
            )
            messages.success(request, "已办结，单位能看到答复。")
            return redirect("liaison:report-list")
        status = refusal.status
    return _page(request, _report(request, pk), settle=form, status=status)


@require_POST
def report_pass_on(request: HttpRequest, pk: int) -> HttpResponse:
    report = _report(request, pk)
    form = _pass_on(request, report, request.POST)
    status = 422
    if form.is_valid():
        with refusals(form, lambda: _report(request, pk)) as refusal:
            try:
                moved = service.pass_on_report(
                    report_id=pk,
                    version=form.cleaned_data["version"],
                    organization_id=form.cleaned_data["place"].pk,
                    actor=request.user,
                )
            except Organization.DoesNotExist as error:
                raise Http404 from error
            messages.success(request, f"已转给{moved.organization}办理。")
            return redirect("liaison:report-list")
        status = refusal.status
    return _page(request, _report(request, pk), pass_on=form, status=status)
