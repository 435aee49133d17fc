"""Organizations in the browser admin; their place changes on the portal's pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from config.lib.admin import ScopedModelAdmin
from config.lib.crypto import EncryptedTextField
from config.lib.versions import VersionedAdminForm
from organizations.access import Right
from organizations.models import Organization
from organizations.services.structure import (
    CHANGEABLE,
    create_organization,
    update_organization,
)


@admin.register(Organization)
class OrganizationAdmin(ScopedModelAdmin):
    form = VersionedAdminForm
    # A phone number is one line.
    formfield_overrides = {EncryptedTextField: {"widget": AdminTextInputWidget}}
    view_right = Right.VIEW_ORGANIZATIONS
    add_right = change_right = Right.MANAGE_ORGANIZATIONS
    list_display = ["short_name", "code", "kind", "field", "parent", "term_ends_on"]
    list_filter = ["kind", "field", ("closed_on", admin.EmptyFieldListFilter)]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "code"]
    search_help_text = "按名称或短代码查找"
    ordering = ["path"]

    def place_of(self, obj: Organization) -> Organization:
        return obj

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["parent", *CHANGEABLE]
        return [
            *CHANGEABLE,
            "code",
            "parent",
            *_ending(obj),
            "other_changes",
            "opened_version",
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        return ["code", "parent", *_ending(obj), "other_changes"]

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form_class = super().get_form(request, obj, **kwargs)
        for name in {"short_name", "field"} & set(form_class.base_fields):
            if obj is None:
                form_class.base_fields[name].required = False
                form_class.base_fields[name].help_text = "留空则自动生成。"
        if "parent" in form_class.base_fields:
            form_class.base_fields["parent"].required = True
        return form_class

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = _open_places(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="划转、合并、撤销")
    def other_changes(self, organization: Organization) -> str:
        """Lead to the pages that first say what changes."""
        if not organization.is_open or organization.parent_id is None:
            return "—"
        links = [
            format_html('<a href="{}">{}</a>', _page(name, organization), label)
            for name, label in (("move", "划转"), ("merge", "合并"), ("close", "撤销"))
        ]
        return format_html("{} · {} · {}", *links)

    def save_by_service(
        self, request: HttpRequest, obj: Organization, form: Any, change: bool
    ) -> Organization:
        values = {key: form.cleaned_data[key] for key in CHANGEABLE}
        if change:
            return update_organization(
                organization_id=obj.pk,
                version=form.cleaned_data["opened_version"] or 0,
                actor=request.user,
                **values,
            )
        made = create_organization(
            parent_id=form.cleaned_data["parent"].pk, actor=request.user, **values
        )
        # The admin goes on with its own object, and asks for rights at its path.
        obj.path, obj.short_name = made.path, made.short_name
        return made


def _ending(organization: Organization) -> list[str]:
    if organization.is_open:
        return []
    return ["closed_on", "closed_reason", "merged_into"]


def _open_places(request: HttpRequest) -> QuerySet:
    right = Right.MANAGE_ORGANIZATIONS
    return Organization.objects.with_right(request.user, right).open()


def _page(name: str, organization: Organization) -> str:
    return reverse(f"organizations:{name}", args=[organization.pk])
