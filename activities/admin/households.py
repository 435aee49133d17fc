"""Households and visits in the browser admin: to be read; the portal keeps them."""

from django.contrib import admin

from activities.models import Household, Visit
from config.lib.admin import ReadOnlyScopedAdmin
from organizations.access import Right


@admin.register(Household)
class HouseholdAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VISIT_HOUSEHOLDS
    list_display = ["building", "community", "organization", "listed_on", "ended_on"]
    list_select_related = ["community", "organization"]
    list_filter = ["ended_reason"]
    fields = [
        *("community", "organization", "building", "people_count"),
        *("listed_on", "ended_on", "ended_reason", "recorded_by"),
    ]


@admin.register(Visit)
class VisitAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VISIT_HOUSEHOLDS
    list_display = ["household", "visited_on", "visitors", "organization"]
    list_select_related = ["household__community", "organization"]
    fields = [
        *("household", "organization", "visited_on", "visitors"),
        *("recorded_by", "withdrawn_at"),
    ]
    date_hierarchy = "visited_on"
