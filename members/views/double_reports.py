"""People who reported to two communities, for street staff."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from members.forms.members import add_service_error
from members.forms.reporting import KeepReportForm
from members.models import Affiliation, ReportSlip
from members.services.double_reports import (
    double_reports,
    keep_report,
    others_of,
    reported_relations,
)
from members.views.slips import crumbs
from organizations.access import Right, require

TITLE = "重复报到"


def _require_settling(request: HttpRequest) -> None:
    if not request.user.has_right(Right.SETTLE_CLAIMS):
        raise PermissionDenied("重复报到由街道工作人员处理。")


@require_GET
def double_list(request: HttpRequest) -> HttpResponse:
    _require_settling(request)
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(TITLE),
        "reports": double_reports(request.user),
    }
    return render(request, "members/double_list.html", context)


@require_http_methods(["GET", "POST"])
def keep_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a slip stand; the community that got it accepts it afterwards."""
    _require_settling(request)
    slips = ReportSlip.objects.visible_to(request.user).received()
    kept = get_object_or_404(slips.select_related("organization"), pk=pk)
    require(request.user, Right.SETTLE_CLAIMS, kept.organization)
    return _keep(request, kept, kept.name)


@require_http_methods(["GET", "POST"])
def keep_relation(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the relation that is there stand."""
    _require_settling(request)
    relations = reported_relations(request.user)
    kept = get_object_or_404(relations.select_related("organization", "member"), pk=pk)
    return _keep(request, kept, kept.member.name)


def _keep(
    request: HttpRequest, kept: ReportSlip | Affiliation, name: str
) -> HttpResponse:
    slips, relations = others_of(request.user, kept)
    form = KeepReportForm(request.POST or None)
    if not relations:
        del form.fields["end_reason"]
    if request.method == "POST" and form.is_valid():
        try:
            keep_report(kept=kept, actor=request.user, **form.cleaned_data)
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"{name}留在{kept.organization}，另一处已办结。")
            return redirect("members:double-list")
    lines = [
        f"{slip.organization}的报到单（{slip.reported_on}）：不予受理。"
        for slip in slips
    ]
    lines += [
        f"{each.organization}的协管（{each.starts_on}起）：今天结束。"
        for each in relations
    ]
    context = {
        "title": "确定留在哪里",
        "page_title": "确定留在哪里",
        "breadcrumbs": [
            *crumbs(TITLE)[:-1],
            (TITLE, reverse("members:double-list")),
            (name, ""),
        ],
        "question": f"{name}留在{kept.organization}，另一处不再算报到？",
        "consequences": lines or ["现在没有另一处报到。"],
        "form": form,
        "confirm_label": "留在这里",
        "cancel_url": reverse("members:double-list"),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)
