"""Teams of volunteers in the browser admin: to be read; the portal keeps them."""

from django.contrib import admin

from activities.models import VolunteerTeam
from config.lib.admin import ReadOnlyScopedAdmin
from organizations.access import Right


@admin.register(VolunteerTeam)
class VolunteerTeamAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["name", "organization", "founded_on", "closed_on"]
    list_select_related = ["organization"]
    search_fields = ["name"]
    fields = [
        "organization",
        "name",
        "talents",
        "founded_on",
        "closed_on",
        "recorded_by",
    ]
