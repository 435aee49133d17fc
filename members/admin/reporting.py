"""Report slips and plaques in the browser admin: to look at; the portal works on them.

Residents' comments are read in the portal alone.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from members.models import Plaque, ReportSlip
from organizations.access import Right


@admin.register(ReportSlip)
class ReportSlipAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ("name", "unit_label", "source", "reported_on", "organization")
    list_filter = ("state", "source")
    list_select_related = ("organization", "work_unit")
    date_hierarchy = "reported_on"
    ordering = ("-pk",)
    fields = (
        *("name", "state", "source", "reported_on", "unit_label", "job_title"),
        *("community", "organization", "branch", "settled_on", "recorded_by"),
    )

    def place_of(self, obj: ReportSlip) -> Any:
        return None  # one that is seen may be looked at: its places are in scope

    @admin.display(description="工作单位")
    def unit_label(self, slip: ReportSlip) -> str:
        return slip.unit_label


@admin.register(Plaque)
class PlaqueAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ("community", "building", "hung_on", "taken_down_on", "organization")
    list_select_related = ("community", "organization")
    date_hierarchy = "hung_on"
    ordering = ("-pk",)
    fields = (
        *("community", "building", "hung_on", "badge_number", "badge_given_on"),
        *("taken_down_on", "organization", "recorded_by"),
    )
