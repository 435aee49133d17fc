"""The Party school in the browser admin: to be read; the portal keeps it."""

from django.contrib import admin

from activities.models import Course, SchoolTerm
from config.lib.admin import ReadOnlyInline, ReadOnlyScopedAdmin
from organizations.access import Right


class CourseInline(ReadOnlyInline):
    model = Course
    show_change_link = False
    fields = ["title", "lecturer", "lecturer_post", "hours", "audience"]


@admin.register(SchoolTerm)
class SchoolTermAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["name", "organization", "starts_on", "ends_on", "partner"]
    list_select_related = ["organization", "partner"]
    search_fields = ["name"]
    fields = ["organization", "name", "starts_on", "ends_on", "partner", "plan"]
    inlines = [CourseInline]
