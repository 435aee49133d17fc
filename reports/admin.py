"""Reports in the browser admin: to look at, nothing to change."""

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from organizations.access import Right
from reports.models import Export, MonthClosing


@admin.register(Export)
class ExportAdmin(ReadOnlyScopedAdmin):
    view_right = Right.EXPORT
    list_display = (
        "number",
        "kind",
        "title",
        "organization",
        "row_count",
        "created_at",
    )
    list_filter = ("kind",)
    list_select_related = ("organization",)
    fields = (
        "number",
        "kind",
        "title",
        "organization",
        "filters",
        "purpose",
        "requested_by",
        "row_count",
        "sha256",
        "created_at",
        "expires_at",
    )


@admin.register(MonthClosing)
class MonthClosingAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_REPORTS
    list_display = ("organization", "month", "closed_at", "closed_by")
    list_filter = ("month",)
    list_select_related = ("organization", "closed_by")
    # The content holds the names of a month; its page and its workbook show it.
    fields = ("organization", "month", "closed_at", "closed_by", "content_sha256")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("content")
