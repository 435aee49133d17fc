"""Moving, merging and closing: first what it means, then the deed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from config.lib.tags import cn_date
from config.lib.versions import StaleError
from organizations.forms.structure import CloseForm, MergeForm, MoveForm
from organizations.models import Organization
from organizations.scope_change import scope_change
from organizations.services import checks
from organizations.services.structure import (
    close_organization,
    merge_organizations,
    move_organization,
)
from organizations.views.structure import add_service_error, crumbs, managed

_CHANGED = "这个党组织刚刚被别人修改过，请重新核对后再确认。"


@require_http_methods(["GET", "POST"])
def organization_move(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the new parent, GET with one shows what changes, POST does it."""
    organization = managed(request, pk)
    form = MoveForm(
        request.POST or request.GET or None,
        user=request.user,
        organization=organization,
    )
    heading = f"划转“{organization}”"
    if form.is_bound and form.is_valid():
        new_parent = form.cleaned_data["new_parent"]
        if request.method == "POST":
            try:
                move_organization(
                    organization_id=pk,
                    new_parent_id=new_parent.pk,
                    version=_version(request),
                    actor=request.user,
                )
            except ValidationError as error:
                return _refused(request, organization, form, error, heading)
            messages.success(request, f"已划转到“{new_parent}”之下。")
            return redirect(organization)
        change = scope_change(
            organization.parent.path, new_parent.path, timezone.localdate()
        )
        context = {
            "question": f"确认把“{organization}”划转到“{new_parent}”之下？",
            "facts": [
                ("现在的上级", organization.parent),
                ("新的上级", new_parent),
                ("一并划转的下级党组织", f"{_below(organization)} 个"),
            ],
            "consequences": [
                *change.lines(),
                "短代码、党员、活动和历史记录都不变；今后的统计计入新的上级。",
            ],
            "confirm_label": "确认划转",
        }
        return _confirm(request, organization, form, context, heading)
    return _ask(request, organization, form, heading, "下一步：看看会有什么变化")


@require_http_methods(["GET", "POST"])
def organization_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks into which and when, GET with both shows it, POST does it."""
    organization = managed(request, pk)
    form = MergeForm(
        request.POST or request.GET or None,
        user=request.user,
        organization=organization,
    )
    heading = f"合并“{organization}”"
    if not (form.is_bound and form.is_valid()):
        return _ask(request, organization, form, heading, "下一步：看看会有什么变化")
    target, on_date = form.cleaned_data["target"], form.cleaned_data["on_date"]
    try:
        checks.check_merge(organization, target, on_date)
        if request.method == "POST":
            merge_organizations(
                source_id=pk,
                target_id=target.pk,
                on_date=on_date,
                version=_version(request),
                actor=request.user,
            )
            messages.success(request, f"“{organization}”已并入“{target}”。")
            return redirect(target)
    except ValidationError as error:
        return _refused(request, organization, form, error, heading)
    context = _merge_context(organization, target, on_date)
    return _confirm(request, organization, form, context, heading)


def _merge_context(
    organization: Organization, target: Organization, on_date: date
) -> dict[str, Any]:
    today = timezone.localdate()
    change = scope_change(organization.path, target.path, today)
    ending = organization.posts.in_force(today).count()
    return {
        "question": f"确认把“{organization}”并入“{target}”？合并后不能恢复。",
        "facts": [
            ("并入", target),
            ("决定日期", cn_date(on_date)),
            (
                "转到新组织之下的下级党组织",
                f"{organization.children.open().count()} 个",
            ),
            ("随之结束的岗位", f"{ending} 个"),
        ],
        "consequences": [
            *change.lines(),
            f"在册党员自 {cn_date(on_date)} 起转入“{target}”，历史隶属照旧保留。",
            f"“{organization}”标为已撤销，不再出现在选项中，历史记录仍可查看。",
        ],
        "confirm_label": "确认合并",
        "is_danger": True,
    }


@require_http_methods(["GET", "POST"])
def organization_close(request: HttpRequest, pk: int) -> HttpResponse:
    organization = managed(request, pk)
    form = CloseForm(request.POST or None, user=request.user)
    heading = f"撤销“{organization}”"
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                close_organization(
                    organization_id=pk,
                    version=_version(request),
                    actor=request.user,
                    **form.cleaned_data,
                )
            except ValidationError as error:
                add_service_error(form, _plain(error))
                status = 409 if isinstance(error, StaleError) else 422
            else:
                messages.success(request, f"“{organization}”已撤销。")
                return redirect(organization)
    ending = organization.posts.in_force(timezone.localdate()).count()
    context = {
        "question": f"确认撤销“{organization}”？撤销后不能恢复。",
        "facts": [
            ("党组织全称", organization.name),
            ("未撤销的下级党组织", f"{organization.children.open().count()} 个"),
            ("随之结束的岗位", f"{ending} 个"),
        ],
        "consequences": [
            "还有下级党组织或在册党员时不能撤销，请先划转或合并。",
            "撤销后不再出现在选项中，历史记录仍可查看。",
        ],
        "form": form,
        "version": organization.version,
        "confirm_label": "确认撤销",
        "is_danger": True,
    }
    return _page(request, organization, context, heading, status=status)


# What the three share ----------------------------------------------------------


def _below(organization: Organization) -> int:
    return Organization.objects.subtree(organization).count() - 1


def _version(request: HttpRequest) -> int:
    """Return the version the confirmation showed; none counts as a stale one."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0


def _plain(error: ValidationError) -> ValidationError:
    return ValidationError(_CHANGED) if isinstance(error, StaleError) else error


def _ask(
    request: HttpRequest,
    organization: Organization,
    form: Any,
    heading: str,
    submit_label: str,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page_title": heading,
        "breadcrumbs": crumbs(organization, request.user, heading[:2]),
        "form": form,
        "organization": organization,
        "submit_label": submit_label,
        "cancel_url": organization.get_absolute_url(),
    }
    if form.is_bound and form.errors:
        status = 422
    template = "organizations/organization_target.html"
    return render(request, template, context, status=status)


def _refused(
    request: HttpRequest,
    organization: Organization,
    form: Any,
    error: ValidationError,
    heading: str,
) -> HttpResponse:
    add_service_error(form, _plain(error))
    return _ask(request, organization, form, heading, "重新核对")


def _confirm(
    request: HttpRequest,
    organization: Organization,
    form: Any,
    context: dict[str, Any],
    heading: str,
) -> HttpResponse:
    chosen = [(name, form[name].value()) for name in form.fields]
    context |= {"chosen": chosen, "version": organization.version}
    return _page(request, organization, context, heading)


def _page(
    request: HttpRequest,
    organization: Organization,
    context: dict[str, Any],
    heading: str,
    status: int = 200,
) -> HttpResponse:
    context |= {
        "title": heading,
        "page_title": heading,
        "breadcrumbs": crumbs(organization, request.user, heading[:2]),
        "cancel_url": organization.get_absolute_url(),
    }
    template = "organizations/organization_confirm.html"
    return render(request, template, context, status=status)
