"""People on the way into the Party in the browser admin: to look at only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from members.models import Applicant
from organizations.access import Right


@admin.register(Applicant)
class ApplicantAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ("name", "organization", "stage", "applied_on", "closed_on")
    list_filter = ("stage", "close_reason")
    list_select_related = ("organization",)
    date_hierarchy = "applied_on"
    ordering = ("-pk",)
    fields = (
        *("name", "sex", "ethnicity", "born_on", "education", "category"),
        *("job_title", "organization", "stage", "applied_on", "activist_on"),
        *("candidate_on", "passed_on", "closed_on", "close_reason", "member"),
    )

    def place_of(self, obj: Applicant) -> Any:
        return obj.organization
