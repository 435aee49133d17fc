"""Employers and communities: lists, pages and forms."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.htmx import render_page_or_fragment
from config.lib.identity import credit_code_problem
from config.lib.masks import mask_phone
from config.lib.panels import panels_for
from config.lib.versions import StaleError, stale_response
from organizations import access
from organizations.access import Right
from organizations.forms.structure import CommunityForm
from organizations.forms.work_units import WorkUnitForm
from organizations.models import Community, WorkUnit
from organizations.services.communities import save_community
from organizations.services.work_units import (
    CHANGEABLE,
    create_work_unit,
    update_work_unit,
)
from organizations.structure_filters import WorkUnitFilter
from organizations.views.structure import add_service_error, page_context

UNITS = "工作单位"
COMMUNITIES = "社区"


@require_GET
def work_unit_list(request: HttpRequest) -> HttpResponse:
    access.require_right(request.user, Right.VIEW_ORGANIZATIONS)
    rows = WorkUnit.objects.visible_to(request.user).select_related("community")
    filters = WorkUnitFilter(request.GET, rows, user=request.user)
    context = {
        "page_title": UNITS,
        "breadcrumbs": [(UNITS, "")],
        "form": filters.form,
        "is_filtered": filters.is_filtered,
        "clear_url": reverse("organizations:work-unit-list"),
        "may_manage": request.user.has_right(Right.MANAGE_ORGANIZATIONS),
        **page_context(filters.qs, request.GET, "name"),
    }
    return render_page_or_fragment(
        request,
        "organizations/work_unit_list.html",
        "organizations/_work_unit_table.html",
        context,
    )


@require_GET
def work_unit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = WorkUnit.objects.visible_to(request.user)
    unit = get_object_or_404(rows.select_related("community", "organization"), pk=pk)
    user = request.user
    sees_tree = user.has_right(Right.VIEW_ORGANIZATIONS)
    context = {
        "page_title": unit.name,
        "breadcrumbs": [
            (UNITS, reverse("organizations:work-unit-list") if sees_tree else ""),
            (unit.name, ""),
        ],
        "unit": unit,
        "facts": _facts(unit),
        "panels": panels_for("work_unit", user, unit),
        "may_manage": user.has_right(Right.MANAGE_ORGANIZATIONS),
    }
    return render(request, "organizations/work_unit_detail.html", context)


def _facts(unit: WorkUnit) -> list[tuple[str, Any]]:
    return [
        ("统一社会信用代码", unit.credit_code),
        ("单位类别", unit.get_kind_display()),
        ("行业", unit.industry),
        ("驻区单位", "是" if unit.is_resident else "否"),
        ("所在社区", unit.community),
        ("地址", unit.address),
        ("单位党组织名称", unit.party_organization_name),
        ("本街道管理的单位党组织", unit.organization),
        ("主管部门", unit.competent_authority),
        ("登记机关", unit.registration_authority),
        ("党务联络人", unit.contact_name),
        ("联络电话", mask_phone(unit.contact_phone)),
        ("联络邮箱", unit.contact_email),
        ("反馈送达方式", unit.get_feedback_channel_display()),
        ("在用", "是" if unit.is_active else "否"),
    ]


@require_http_methods(["GET", "POST"])
def work_unit_create(request: HttpRequest) -> HttpResponse:
    access.require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    form = WorkUnitForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            unit = create_work_unit(actor=request.user, **_values(form))
        except ValidationError as error:
            add_service_error(form, error)
        else:
            return _saved(request, unit)
    cancel_url = reverse("organizations:work-unit-list")
    context = {
        "page_title": "新增工作单位",
        "breadcrumbs": [(UNITS, cancel_url), ("新增", "")],
        "form": form,
        "cancel_url": cancel_url,
        "is_draft": True,
    }
    return _form_page(request, form, context)


@require_http_methods(["GET", "POST"])
def work_unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(WorkUnit.objects.visible_to(request.user), pk=pk)
    access.require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    title, cancel_url = f"修改“{unit.name}”", unit.get_absolute_url()
    form = WorkUnitForm(request.POST or None, instance=unit, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved = update_work_unit(
                work_unit_id=pk,
                version=form.cleaned_data["version"],
                actor=request.user,
                **_values(form),
            )
        except StaleError:
            fresh = WorkUnit.objects.visible_to(request.user).get(pk=pk)
            return stale_response(
                request, form, fresh, title=title, cancel_url=cancel_url
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            return _saved(request, saved)
    context = {
        "page_title": title,
        "breadcrumbs": [
            (UNITS, reverse("organizations:work-unit-list")),
            (unit.name, cancel_url),
            ("修改", ""),
        ],
        "form": form,
        "cancel_url": cancel_url,
        "is_draft": True,
    }
    return _form_page(request, form, context)


def _values(form: WorkUnitForm) -> dict[str, Any]:
    return {key: form.cleaned_data[key] for key in CHANGEABLE}


def _saved(request: HttpRequest, unit: WorkUnit) -> HttpResponse:
    messages.success(request, f"已保存“{unit.name}”。")
    # Some genuine codes fail their check: say so, and keep them.
    if unit.credit_code and (problem := credit_code_problem(unit.credit_code)):
        messages.warning(request, problem)
    return redirect(unit)


# Communities --------------------------------------------------------------------


@require_GET
def community_list(request: HttpRequest) -> HttpResponse:
    access.require_right(request.user, Right.VIEW_ORGANIZATIONS)
    rows = (
        Community.objects.visible_to(request.user)
        .filter(organization__closed_on__isnull=True)
        .select_related("organization")
        .annotate(
            building_count=Count("buildings", distinct=True),
            unit_count=Count("work_units", distinct=True),
        )
    )
    manages = request.user.rights_paths(Right.MANAGE_ORGANIZATIONS)
    context = {
        "page_title": COMMUNITIES,
        "breadcrumbs": [(COMMUNITIES, "")],
        "communities": list(rows),
        "may_manage": bool(manages),
    }
    return render(request, "organizations/community_list.html", context)


@require_http_methods(["GET", "POST"])
def community_create(request: HttpRequest) -> HttpResponse:
    access.require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    return _community_form(request, None)


@require_http_methods(["GET", "POST"])
def community_edit(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Community.objects.visible_to(request.user).select_related("organization")
    community = get_object_or_404(rows, pk=pk)
    access.require(request.user, Right.MANAGE_ORGANIZATIONS, community.organization)
    return _community_form(request, community)


def _community_form(request: HttpRequest, community: Community | None) -> HttpResponse:
    form = CommunityForm(request.POST or None, instance=community, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            saved = save_community(
                community_id=community.pk if community else None,
                organization_id=data.pop("organization").pk,
                actor=request.user,
                **data,
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已保存“{saved}”。")
            return redirect("organizations:community-list")
    cancel_url = reverse("organizations:community-list")
    title = f"修改“{community.name}”" if community else "新增社区"
    context = {
        "page_title": title,
        "breadcrumbs": [(COMMUNITIES, cancel_url), (title, "")],
        "form": form,
        "cancel_url": cancel_url,
        "is_draft": True,
    }
    return _form_page(request, form, context)


def _form_page(request: HttpRequest, form: Any, context: dict) -> HttpResponse:
    status = 422 if form.errors else 200
    template = "organizations/organization_form.html"
    return render(request, template, context, status=status)
