"""Activities and programs in the browser admin: to be read; the portal keeps them."""

from django.contrib import admin

from activities.models import Achievement, Activity, Program, ProgramItem
from config.lib.admin import ReadOnlyInline, ReadOnlyScopedAdmin
from organizations.access import Right


@admin.register(Activity)
class ActivityAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["title", "kind", "held_on", "organization", "state"]
    list_filter = ["kind", "state"]
    list_select_related = ["organization"]
    search_fields = ["title", "place"]
    fields = [
        "organization",
        "kind",
        "title",
        "starts_at",
        "hours",
        "place",
        "summary",
        "people_served",
        "items",
        "state",
        "cancel_reason",
        "recorded_by",
    ]
    date_hierarchy = "held_on"


class ProgramItemInline(ReadOnlyInline):
    model = ProgramItem
    show_change_link = False
    fields = ["name", "required_count", "unit", "needs_evidence", "sort_order"]


@admin.register(Program)
class ProgramAdmin(ReadOnlyScopedAdmin):
    view_right = Right.MANAGE_PROGRAMS
    list_display = ["name", "audience", "period", "valid_from", "valid_until"]
    fields = [
        "name",
        "audience",
        "period",
        "valid_from",
        "valid_until",
        "source",
        "sort_order",
    ]
    inlines = [ProgramItemInline]


@admin.register(Achievement)
class AchievementAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["member", "item", "achieved_on", "organization", "withdrawn_at"]
    list_select_related = ["member", "item__program", "organization"]
    list_filter = ["item__program"]
    fields = [
        "member",
        "item",
        "organization",
        "achieved_on",
        "content",
        "evidence",
        "recorded_by",
        "withdrawn_at",
        "withdrawn_reason",
    ]
