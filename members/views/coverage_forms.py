"""Entries about a two-new unit: census sheet, form of coverage, door visits."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from members.coverage import followable, proposal_for, with_facts
from members.forms.coverage import (
    DecisionForm,
    DoorVisitForm,
    FollowForm,
    SheetForm,
    VisitReasonForm,
)
from members.parameters.coverage import reasons
from members.services.coverage import decide_coverage, follow_proposals
from members.views.asking import confirm_page, form_page
from members.views.coverage import kept_unit, unit_crumbs
from organizations.access import Right, require_right
from organizations.coverage_reads import kept_units
from organizations.models import CensusSheet, Coverage, DoorVisit
from organizations.services.census import (
    record_door_visit,
    record_sheet,
    withdraw_door_visit,
)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    unit = kept_unit(request, pk)
    last = unit.census_sheets.open().first()
    form = SheetForm(request.POST or None, last=last)

    def save(data: dict[str, Any]) -> CensusSheet:
        return record_sheet(
            unit_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记一企一表",
        unit_crumbs(unit, "登记一企一表"),
        reverse("members:coverage-unit", args=[pk]),
        save,
        "已登记一企一表，请看一看覆盖形式要不要重新核定。",
        latest=lambda: unit.census_sheets.open().first() or CensusSheet(version=0),
        is_wide=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    unit = kept_unit(request, pk)
    proposal = proposal_for(unit, unit.census_sheets.open().first())
    form = DecisionForm(
        request.POST or None,
        user=request.user,
        unit=unit,
        last=unit.coverages.open().first(),
        proposal=proposal,
        reasons=reasons(),
    )

    def save(data: dict[str, Any]) -> Coverage:
        return decide_coverage(
            unit_id=pk,
            decision=form.decision(),
            instructor_id=form.instructor_id(),
            version=data["version"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "核定覆盖形式",
        unit_crumbs(unit, "核定覆盖形式"),
        reverse("members:coverage-unit", args=[pk]),
        save,
        "已核定覆盖形式。",
        latest=lambda: unit.coverages.open().first() or Coverage(version=0),
        is_wide=True,
        form_note=f"正式党员{proposal.full}人，党员共{proposal.members}人，"
        f"系统建议：{proposal.label}。由您核定；原来的形式到核定日期为止，留作记录。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    unit = kept_unit(request, pk)
    form = DoorVisitForm(request.POST or None)

    def save(data: dict[str, Any]) -> DoorVisit:
        return record_door_visit(
            unit_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        )

    return form_page(
        request,
        form,
        "登记上门",
        unit_crumbs(unit, "登记上门"),
        reverse("members:coverage-unit", args=[pk]),
        save,
        "已登记上门；人数有变化的，请更新一企一表。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def visit_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    require_right(request.user, Right.KEEP_COVERAGE)
    row = get_object_or_404(DoorVisit.objects.visible_to(request.user), pk=pk)
    unit = kept_unit(request, row.unit_id)
    return confirm_page(
        request,
        VisitReasonForm(request.POST or None),
        "撤回上门记录",
        unit_crumbs(unit, "撤回上门记录"),
        reverse("members:coverage-unit", args=[unit.pk]),
        f"撤回{row.visited_on}的上门记录？",
        ["记错了的才撤回；撤回以后不再计数，原来的内容留着，写明已撤回。"],
        lambda data: withdraw_door_visit(
            visit_id=pk, reason=data["reason"], actor=request.user
        ),
        "已撤回。",
    )


@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """Decide for the ticked units by the organization they are registered with."""
    require_right(request.user, Right.KEEP_COVERAGE)
    units = with_facts(kept_units(request.user))
    offered = followable(units, request.user).order_by()
    form = FollowForm(request.POST, offered=list(offered.values_list("pk", flat=True)))
    if not form.is_valid():
        messages.error(request, "".join(form.errors["units"]))
    else:
        try:
            number = follow_proposals(
                unit_ids=form.cleaned_data["units"], actor=request.user
            )
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
        else:
            messages.success(request, f"已按单位党组织核定{number}家。")
    return redirect(f"{reverse('members:coverage-units')}?group=undecided")
