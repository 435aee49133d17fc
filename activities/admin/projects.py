"""Projects of community services in the browser admin: to be read."""

from django.contrib import admin

from activities.models import ServiceProject
from config.lib.admin import ReadOnlyScopedAdmin
from organizations.access import Right


@admin.register(ServiceProject)
class ServiceProjectAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["name", "field", "organization", "opened_on", "closed_on"]
    list_select_related = ["organization"]
    list_filter = ["field"]
    search_fields = ["name"]
    fields = [
        *("organization", "community", "name", "field", "place", "opened_on"),
        *("closed_on", "recorded_by", "withdrawn_at"),
    ]
