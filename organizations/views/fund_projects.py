"""Projects of funds: the list, one with its steps and vouchers, what is published."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.money import yuan
from config.lib.paging import group_tabs, page_by_key, total_of
from organizations.access import Right, require_right
from organizations.forms.funds import (
    FundFilterForm,
    ProjectAmendForm,
    ProjectFilterForm,
    ProjectForm,
    StepForm,
    VersionedReasonForm,
)
from organizations.fund_choices import STEP_NAMES, FundStage, ProjectGroup
from organizations.fund_rules import FOLLOWS, PAYABLE, STEPS, total
from organizations.models import FundPayment, FundProject
from organizations.services.fund_projects import (
    add_project,
    amend_project,
    stop_project,
    take_step,
    take_step_back,
)
from organizations.views.fund_pages import (
    crumbs,
    kept_line,
    kept_project,
    line_crumbs,
    may_at,
    project_crumbs,
    seen_project,
    year_tabs,
)

_LIST = "经费项目"
_PUBLISHED = "项目公示"
_TABS = [("", "在办"), *ProjectGroup.choices]


@require_safe
def fund_project_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_FUNDS)
    form = ProjectFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "")
    found = _found(request, data, group) if data else FundProject.objects.none()
    page = page_by_key(
        found.with_money().select_related("organization"), request.GET, "planned_end"
    )
    address = reverse("organizations:fund-project-list")
    context = {
        "page_title": _LIST,
        "breadcrumbs": crumbs((_LIST, "")),
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(data.get(name) for name in ("organization", "category")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
        "today": timezone.localdate(),
    }
    return render(request, "organizations/fund_project_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found, today = FundProject.objects.visible_to(request.user), timezone.localdate()
    if group == ProjectGroup.LATE:
        found = found.late(today)
    elif group == ProjectGroup.UNPUBLISHED:
        found = found.unpublished()
    elif group == ProjectGroup.FINISHED:
        found = found.published()
    elif group == ProjectGroup.STOPPED:
        found = found.stopped()
    elif group != ProjectGroup.ALL:
        found = found.under_way()
    if place := data["organization"]:
        found = found.lying_below([place.path])
    if data["category"]:
        found = found.filter(category=data["category"])
    return found


@require_safe
def fund_published(request: HttpRequest) -> HttpResponse:
    """What a resident may read: project, class, amount, when it was accepted."""
    require_right(request.user, Right.VIEW_FUNDS)
    form = FundFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    year = data.get("year") or today.year
    seen = FundProject.objects.visible_to(request.user).published()
    rows = seen.filter(published_on__year=year)
    place = data.get("organization")
    if place is not None:
        rows = rows.lying_below([place.path])
    found = rows.with_money().select_related("organization")
    projects = list(found.order_by("organization__path", "published_on", "pk"))
    address = reverse("organizations:fund-published")
    within = f"organization={place.pk}&" if place else ""
    dates = seen.order_by().dates("published_on", "year")
    context = {
        "page_title": f"{year}年为民服务专项公示",
        "breadcrumbs": crumbs((_PUBLISHED, "")),
        "form": form,
        "tabs": year_tabs(
            f"{address}?{within}year=", (day.year for day in dates), year
        ),
        "year": year,
        "place": place,
        "projects": projects if data else [],
        "paid": total(project.paid for project in projects),
        "is_filtered": place is not None,
        "clear_url": f"{address}?year={year}",
        "today": today,
    }
    return render(request, "organizations/fund_published.html", context)


@require_safe
def fund_project(request: HttpRequest, pk: int) -> HttpResponse:
    project = seen_project(request, pk)
    steps = list(project.steps.select_related("recorded_by", "withdrawn_by"))
    payments = FundPayment.objects.visible_to(request.user).filter(project=project)
    may_keep = may_at(request, Right.KEEP_FUNDS, project.line.fund_year)
    due = FOLLOWS.get(project.stage, "")
    may_step = may_keep and not project.is_over
    context = {
        "page_title": project.title,
        "breadcrumbs": project_crumbs(project),
        "project": project,
        "steps": _with_steps(project, steps),
        "taken_back": [step for step in steps if step.withdrawn_at],
        "payments": list(
            payments.select_related("entered_by", "confirmed_by", "line__fund_year")
        ),
        "next_name": STEP_NAMES[due] if due and may_step else "",
        "may_edit": may_step,
        "may_pay": may_step and project.stage in PAYABLE,
        "may_go_back": may_keep
        and project.stopped_on is None
        and project.stage != FundStage.REGISTERED,
        "may_stop": may_step and project.accepted_on is None,
        "is_late": project.planned_end < timezone.localdate()
        and project.accepted_on is None
        and not project.is_over,
    }
    return render(request, "organizations/fund_project.html", context)


def _with_steps(project: FundProject, steps: list[Any]) -> list[dict[str, Any]]:
    """Each step in order, done, next or to come."""
    done = {step.step: step for step in steps if not step.withdrawn_at}
    due = "" if project.is_over else FOLLOWS.get(project.stage, "")
    return [
        {"name": STEP_NAMES[step], "row": done.get(step), "is_next": step == due}
        for step in STEPS
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def fund_project_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Register a project to be paid from a line."""
    line = kept_line(request, pk)
    form = ProjectForm(request.POST or None)
    return form_page(
        request,
        form,
        "登记项目",
        line_crumbs(line, ("登记项目", "")),
        line.get_absolute_url(),
        lambda data: add_project(
            line_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记项目，接着办第一步：集体议定。",
        then=lambda project: project.get_absolute_url(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    project = kept_project(request, pk)
    form = ProjectAmendForm(request.POST or None, instance=project)
    return form_page(
        request,
        form,
        "修改项目",
        project_crumbs(project, "修改项目"),
        project.get_absolute_url(),
        lambda data: amend_project(
            project_id=pk,
            facts=form.facts(),
            reason=data["reason"],
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: kept_project(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_project_step(request: HttpRequest, pk: int) -> HttpResponse:
    """The next step; which one it is follows from the project."""
    project = kept_project(request, pk)
    step = FOLLOWS.get(project.stage, FundStage.PUBLISHED)
    form = StepForm(
        request.POST or None, step=step, initial={"version": project.version}
    )
    note = ""
    if step == FundStage.ALLOTTED:
        free = kept_line(request, project.line_id).free
        note = (
            f"项目预算 {yuan(project.budget)} 元，"
            f"“{project.line}”可用 {yuan(free)} 元。"
        )
    return form_page(
        request,
        form,
        STEP_NAMES[step],
        project_crumbs(project, STEP_NAMES[step]),
        project.get_absolute_url(),
        lambda data: take_step(
            project_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已登记这一步。",
        latest=lambda: kept_project(request, pk),
        form_note=note,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_project_back(request: HttpRequest, pk: int) -> HttpResponse:
    project = kept_project(request, pk)
    form = VersionedReasonForm(
        request.POST or None, initial={"version": project.version}
    )
    name = STEP_NAMES.get(project.stage, "")
    return confirm_page(
        request,
        form,
        "退回一步",
        project_crumbs(project, "退回一步"),
        project.get_absolute_url(),
        f"退回“{name}”这一步？" if name else "项目还没有办过一步。",
        ["这一步连同退回的原因留存，可以重新办理。"],
        lambda data: take_step_back(project_id=pk, actor=request.user, **data),
        "已退回一步。",
        latest=lambda: kept_project(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def fund_project_stop(request: HttpRequest, pk: int) -> HttpResponse:
    project = kept_project(request, pk)
    form = VersionedReasonForm(
        request.POST or None, initial={"version": project.version}
    )
    return confirm_page(
        request,
        form,
        "终止项目",
        project_crumbs(project, "终止项目"),
        project.get_absolute_url(),
        f"终止“{project}”，不再办理？",
        [f"项目还没有用的 {yuan(project.left)} 元退回“{project.line}”。"],
        lambda data: stop_project(project_id=pk, actor=request.user, **data),
        "已终止项目。",
        latest=lambda: kept_project(request, pk),
    )
