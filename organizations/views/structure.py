"""The tree, an organization's page, and every change of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from config.lib.htmx import render_page_or_fragment
from config.lib.masks import mask_phone
from config.lib.paging import capped_count, page_by_key
from config.lib.panels import panels_for
from config.lib.tags import cn_date
from config.lib.versions import StaleError, stale_response
from organizations import access
from organizations.access import Right
from organizations.forms.structure import OrganizationCreateForm, OrganizationForm
from organizations.models import Organization, User
from organizations.services.structure import (
    CHANGEABLE,
    create_organization,
    update_organization,
)
from organizations.structure_filters import OrganizationFilter
from organizations.tree_page import open_tree, visible_ancestors

TITLE = "党组织"


def visible(request: HttpRequest, pk: int) -> Organization:
    """Return an organization in scope; 404 otherwise."""
    rows = Organization.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("parent", "merged_into"), pk=pk)


def managed(request: HttpRequest, pk: int) -> Organization:
    """Return an organization the user may change: 404 out of scope, 403 else."""
    organization = visible(request, pk)
    access.require(request.user, Right.MANAGE_ORGANIZATIONS, organization)
    return organization


def crumbs(
    organization: Organization, user: User, here: str = ""
) -> list[tuple[str, str]]:
    """Breadcrumbs down to `organization`, and to `here` where that is a page of it."""
    trail = [(TITLE, reverse("organizations:list"))]
    trail += [
        (str(each), each.get_absolute_url())
        for each in visible_ancestors(organization, user)
    ]
    trail.append((str(organization), organization.get_absolute_url()))
    return [*trail, (here, "")] if here else trail


def page_context(queryset: QuerySet, params: QueryDict, key: str) -> dict[str, Any]:
    """Context of a list's rows and its `_pagination.html`."""
    page = page_by_key(queryset, params, key)
    return {
        "rows": page.rows,
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "total": capped_count(queryset),
    }


def add_service_error(form: Any, error: ValidationError) -> None:
    """Put a service's refusal on the form, at its field where the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)


@require_GET
def organization_list(request: HttpRequest) -> HttpResponse:
    """The tree, or, once something is asked for, a list."""
    access.require_right(request.user, Right.VIEW_ORGANIZATIONS)
    rows = Organization.objects.visible_to(request.user).select_related("parent")
    filters = OrganizationFilter(request.GET, rows, user=request.user)
    user = request.user
    context: dict[str, Any] = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": filters.form,
        "is_filtered": filters.is_filtered,
        "clear_url": reverse("organizations:list"),
        "may_manage": user.has_right(Right.MANAGE_ORGANIZATIONS),
    }
    if filters.is_filtered:
        context |= page_context(filters.qs, request.GET, "path")
    else:
        node = request.GET.get("node", "")
        chosen = visible(request, int(node)) if node.isdecimal() else None
        context["nodes"] = open_tree(user, chosen)
    return render_page_or_fragment(
        request,
        "organizations/organization_list.html",
        "organizations/_organization_results.html",
        context,
    )


@require_GET
def organization_detail(request: HttpRequest, pk: int) -> HttpResponse:
    organization = visible(request, pk)
    user = request.user
    today = timezone.localdate()
    children = organization.children.open().order_by("path")
    posts = (
        organization.posts.in_force(today)
        .select_related("user")
        .order_by("role", "starts_on")
    )
    context = {
        "page_title": str(organization),
        "breadcrumbs": crumbs(organization, user),
        "organization": organization,
        "facts": _facts(organization),
        "children": list(children),
        "posts": list(posts),
        "panels": panels_for("organization", user, organization),
        "may_manage": organization.is_open
        and user.has_right_at(Right.MANAGE_ORGANIZATIONS, organization),
        "is_root": organization.parent_id is None,
    }
    return render(request, "organizations/organization_detail.html", context)


def _facts(organization: Organization) -> list[tuple[str, Any]]:
    facts = [
        ("党组织全称", organization.name),
        ("短代码", organization.code),
        ("组织类别", organization.get_kind_display()),
        ("领域", organization.get_field_display()),
        ("上级党组织", str(organization.parent or "")),
        ("所在单位情况", organization.get_unit_situation_display()),
        ("成立日期", cn_date(organization.founded_on)),
        ("任期届满日期", cn_date(organization.term_ends_on)),
        ("联系人", organization.contact_name),
        ("联系电话", mask_phone(organization.contact_phone)),
        ("传真", organization.fax),
        ("通讯地址", organization.address),
        ("邮政编码", organization.postcode),
    ]
    if not organization.is_open:
        facts += [
            ("撤销日期", cn_date(organization.closed_on)),
            ("撤销原因", organization.closed_reason),
            ("并入", str(organization.merged_into or "")),
        ]
    return facts


@require_http_methods(["GET", "POST"])
def organization_create(request: HttpRequest, parent_pk: int) -> HttpResponse:
    """Add an organization under the one whose page the user came from."""
    parent = managed(request, parent_pk)
    form = OrganizationCreateForm(
        request.POST or None, user=request.user, parent=parent
    )
    if request.method == "POST" and form.is_valid():
        values = {key: form.cleaned_data[key] for key in CHANGEABLE}
        try:
            made = create_organization(
                parent_id=parent.pk, actor=request.user, **values
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, f"已新建“{made}”，短代码 {made.code}。")
            return redirect(made)
    context = {
        "page_title": f"在“{parent}”下新建党组织",
        "breadcrumbs": crumbs(parent, request.user, "新建下级"),
        "form": form,
        "cancel_url": parent.get_absolute_url(),
        "is_draft": True,
    }
    return _form_page(request, form, context)


@require_http_methods(["GET", "POST"])
def organization_edit(request: HttpRequest, pk: int) -> HttpResponse:
    organization = managed(request, pk)
    title = f"修改“{organization}”"
    form = OrganizationForm(
        request.POST or None, instance=organization, user=request.user
    )
    cancel_url = organization.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        values = {key: form.cleaned_data[key] for key in CHANGEABLE}
        try:
            update_organization(
                organization_id=pk,
                version=form.cleaned_data["version"],
                actor=request.user,
                **values,
            )
        except StaleError:
            fresh = visible(request, pk)
            return stale_response(
                request, form, fresh, title=title, cancel_url=cancel_url
            )
        except ValidationError as error:
            add_service_error(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(organization)
    context = {
        "page_title": title,
        "breadcrumbs": crumbs(organization, request.user, "修改"),
        "form": form,
        "cancel_url": cancel_url,
        "is_draft": True,
    }
    return _form_page(request, form, context)


def _form_page(request: HttpRequest, form: Any, context: dict) -> HttpResponse:
    status = 422 if form.errors else 200
    template = "organizations/organization_form.html"
    return render(request, template, context, status=status)
