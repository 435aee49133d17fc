"""Quarterly reports of agreements: written by communities, read by the street."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.errors import RuleError
from config.lib.paging import page_by_key, total_of
from config.lib.periods import Quarter, parse_period
from liaison.forms.agreements import ReportForm
from liaison.models import Agreement, AgreementReport
from liaison.rules.agreements import quarters_owed
from liaison.services.obligations import file_report, last_day_of, quarter_figures
from liaison.views.agreement_pages import agreement_crumbs, crumbs, kept_agreement
from members.views.asking import form_page
from organizations.access import Right, require_right

_LIST = "季度报告"
QUARTERS_OFFERED = 8


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """What was reported of one quarter, and of which agreements nothing was."""
    require_right(request.user, Right.KEEP_AGREEMENTS)
    last = Quarter.containing(timezone.localdate()).previous()
    asked = request.GET.get("quarter", "")
    quarter = _quarter(asked) if asked else last
    if quarter.start > last.start:
        raise Http404
    reports = AgreementReport.objects.visible_to(request.user).filter(
        quarter_start=quarter.start
    )
    found = Agreement.objects.visible_to(request.user).held_in(quarter)
    page = page_by_key(
        found.select_related("organization").prefetch_related(
            Prefetch("reports", reports.select_related("filed_by"), to_attr="filed")
        ),
        request.GET,
        "ends_on",
    )
    filed = reports.filter(agreement__in=found.order_by().values("pk")).count()
    context = {
        "page_title": f"{quarter.title}共建报告",
        "breadcrumbs": crumbs((_LIST, "")),
        "quarter": quarter,
        "quarters": _choices(last, quarter),
        "page": page,
        "total": total_of(page, found),
        "filed": filed,
    }
    return render(request, "liaison/agreement_reports.html", context)


def _choices(last: Quarter, current: Quarter) -> list[dict[str, Any]]:
    quarters = [last]
    while len(quarters) < QUARTERS_OFFERED:
        quarters.append(quarters[-1].previous())
    if current not in quarters:
        quarters.append(current)
    return [
        {"label": each.label, "title": each.title, "is_current": each == current}
        for each in quarters
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def agreement_report(request: HttpRequest, pk: int, label: str) -> HttpResponse:
    """The report of a quarter: figures by themselves, words by the community."""
    agreement = kept_agreement(request, pk)
    quarter = _quarter(label)
    if agreement.signed_on is None or quarter not in list(
        quarters_owed(
            starts_on=agreement.starts_on,
            last_day=last_day_of(agreement),
            today=timezone.localdate(),
        )
    ):
        raise Http404
    report = agreement.reports.filter(quarter_start=quarter.start).first()
    form = ReportForm(
        request.POST or None,
        initial={"words": report.words, "version": report.version} if report else None,
    )
    figures = quarter_figures(agreement, quarter)

    def save(data: dict[str, Any]) -> Any:
        return file_report(agreement_id=pk, quarter=quarter, actor=request.user, **data)

    title = f"{quarter.title}共建报告"
    return form_page(
        request,
        form,
        title,
        agreement_crumbs(agreement, title),
        agreement.get_absolute_url(),
        save,
        "已报告街道。",
        latest=lambda: agreement.reports.get(quarter_start=quarter.start),
        form_note=(
            f"{quarter.title}应办 {figures['due']} 项，已办 {figures['done']} 项，"
            f"逾期 {figures['overdue']} 项；数字由系统统计，随报告存下。"
        ),
        submit_label="报告街道",
    )


def _quarter(label: str) -> Quarter:
    try:
        period = parse_period(label)
    except RuleError:
        raise Http404 from None
    if not isinstance(period, Quarter):
        raise Http404
    return period
