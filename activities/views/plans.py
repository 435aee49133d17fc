"""Plans: the list, one with what is done of it, making, amending, withdrawing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from activities.duty_board import plan_progress
from activities.forms.plans import (
    LineFormSet,
    PlanForm,
    facts_from,
    initial_lines,
    initial_of,
    initial_plan,
)
from activities.models import Plan
from activities.services.plans import amend_plan, make_plan, planners, withdraw_plan
from activities.views.activities import ReasonForm
from config.lib.paging import page_by_key, total_of
from config.lib.versions import StaleError, renew
from organizations.access import Right

TITLE = "工作计划"


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    _require(request, Right.VIEW_MEMBERS)
    plans = Plan.objects.visible_to(request.user).select_related("organization")
    page = page_by_key(plans, request.GET, "year", descending=True)
    context = {
        "page_title": TITLE,
        "breadcrumbs": _crumbs(),
        "page": page,
        "total": total_of(page, plans),
        "may_manage": request.user.has_right(Right.MANAGE_PLANS),
    }
    return render(request, "activities/plan_list.html", context)


@require_safe
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(request, pk)
    context = {
        "page_title": plan.title,
        "breadcrumbs": _crumbs(plan.title),
        "plan": plan,
        "rows": plan_progress(request.user, plan, timezone.localdate()),
        "may_manage": plan.withdrawn_at is None
        and request.user.has_right_at(Right.MANAGE_PLANS, plan.organization),
    }
    return render(request, "activities/plan_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_add(request: HttpRequest) -> HttpResponse:
    _require(request, Right.MANAGE_PLANS)
    places = planners(request.user)
    if request.method != "POST":
        initial = initial_plan(timezone.localdate())
        form = PlanForm(initial=initial, user=request.user, places=places)
        return _page(request, form, LineFormSet())
    form = PlanForm(request.POST, user=request.user, places=places)
    formset = LineFormSet(request.POST)
    if form.is_valid() and formset.is_valid():
        try:
            plan = make_plan(
                organization_id=form.cleaned_data["organization"].pk,
                facts=facts_from(form, formset),
                actor=request.user,
                request_id=form.cleaned_data["request_id"],
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"已保存：{plan.title}，下属支部即时生效。")
            return redirect(plan)
    return _page(request, form, formset, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _managed(request, pk)
    if request.method != "POST":
        form = PlanForm(initial=initial_of(plan), user=request.user)
        return _page(request, form, LineFormSet(initial=initial_lines(plan)), plan)
    form = PlanForm(request.POST, user=request.user)
    formset = LineFormSet(request.POST)
    if form.is_valid() and formset.is_valid():
        try:
            amend_plan(
                plan_id=plan.pk,
                version=form.cleaned_data["version"] or 0,
                facts=facts_from(form, formset),
                actor=request.user,
            )
        except StaleError:
            renew(form, _plan(request, pk).version)
            # Lines are compared best on the page itself.
            return _page(request, form, formset, plan, status=409, is_stale=True)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, "已保存，下属支部即时生效。")
            return redirect(plan)
    return _page(request, form, formset, plan, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _managed(request, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_plan(
                plan_id=plan.pk,
                reason=form.cleaned_data["reason"],
                actor=request.user,
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"已撤回：{plan.title}。")
            return redirect(plan)
    context = {
        "title": "撤回计划",
        "question": f"确定撤回“{plan.title}”吗？",
        "consequences": [
            "计划里的事项从此不再要求支部开展，逾期提醒随之消失。",
            "已经开展的活动记录不受影响；计划本身仍可查看。",
        ],
        "form": form,
        "confirm_label": "确定撤回",
        "cancel_url": plan.get_absolute_url(),
        "is_danger": True,
        "breadcrumbs": _crumbs("撤回", plan),
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", context, status=status)


def _page(
    request: HttpRequest,
    form: PlanForm,
    formset: Any,
    plan: Plan | None = None,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    title = "修改计划" if plan else "制定计划"
    context = {
        "page_title": title,
        "form": form,
        "formset": formset,
        "plan": plan,
        "cancel_url": plan.get_absolute_url() if plan else reverse("activities:plans"),
        "breadcrumbs": _crumbs(title, plan),
        **extra,
    }
    return render(request, "activities/plan_form.html", context, status=status)


def _plan(request: HttpRequest, pk: int) -> Plan:
    plans = Plan.objects.visible_to(request.user)
    return get_object_or_404(
        plans.select_related("organization", "created_by").prefetch_related("lines"),
        pk=pk,
    )


def _managed(request: HttpRequest, pk: int) -> Plan:
    plan = _plan(request, pk)
    if not request.user.has_right_at(Right.MANAGE_PLANS, plan.organization):
        raise PermissionDenied("这份计划由制定它的党组织维护。")
    return plan


def _require(request: HttpRequest, right: Right) -> None:
    if not request.user.has_right(right):
        raise PermissionDenied


def _crumbs(last: str = "", plan: Plan | None = None) -> list[tuple[str, str]]:
    found = [(TITLE, reverse("activities:plans") if last else "")]
    if plan:
        found.append((plan.title, plan.get_absolute_url()))
    return [*found, (last, "")] if last else found
