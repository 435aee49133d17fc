from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.lib.admin import ReadOnlyScopedAdmin
from organizations.access import Right
from organizations.models import Parameter


@admin.register(Parameter)
class ParameterAdmin(ReadOnlyScopedAdmin):
    """A signpost: every parameter, changed or not, is on the portal's own page."""

    view_right = Right.MANAGE_PARAMETERS
    fields = ["value", "changed_by"]

    def changelist_view(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("organizations:parameters")

    def change_view(
        self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return redirect("organizations:parameters")
