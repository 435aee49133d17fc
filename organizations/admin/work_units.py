"""Employers in the browser admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.http import HttpRequest

from config.lib.admin import ScopedModelAdmin
from config.lib.crypto import EncryptedTextField
from config.lib.versions import VersionedAdminForm
from organizations.access import Right
from organizations.models import WorkUnit
from organizations.services.work_units import (
    CHANGEABLE,
    create_work_unit,
    update_work_unit,
)


@admin.register(WorkUnit)
class WorkUnitAdmin(ScopedModelAdmin):
    form = VersionedAdminForm
    # A phone number is one line.
    formfield_overrides = {EncryptedTextField: {"widget": AdminTextInputWidget}}
    view_right = Right.VIEW_ORGANIZATIONS
    add_right = change_right = Right.MANAGE_ORGANIZATIONS
    list_display = ["name", "kind", "is_resident", "community", "is_active"]
    list_filter = ["is_resident", "kind", "is_active", "feedback_channel"]
    list_select_related = ["community"]
    search_fields = ["name", "credit_code"]
    search_help_text = "按名称或统一社会信用代码查找"

    def place_of(self, obj: WorkUnit) -> None:
        """Units belong to no branch: the right counts wherever it is held."""
        return

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(CHANGEABLE) if obj is None else [*CHANGEABLE, "opened_version"]

    def save_by_service(
        self, request: HttpRequest, obj: WorkUnit, form: Any, change: bool
    ) -> WorkUnit:
        values = {key: form.cleaned_data[key] for key in CHANGEABLE}
        if change:
            return update_work_unit(
                work_unit_id=obj.pk,
                version=form.cleaned_data["opened_version"] or 0,
                actor=request.user,
                **values,
            )
        return create_work_unit(actor=request.user, **values)
