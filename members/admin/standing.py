"""Lost contact and decisions in the browser admin: to look at; the steps are the
portal's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from members.models import LostCase, MembershipDecision
from organizations.access import Right


@admin.register(LostCase)
class LostCaseAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ("member", "organization", "since", "reason", "state", "closed_on")
    list_filter = ("state", "reason")
    list_select_related = ("member", "organization")
    date_hierarchy = "opened_on"
    ordering = ("-pk",)
    fields = (*list_display, "opened_on", "opened_by")


@admin.register(MembershipDecision)
class MembershipDecisionAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = (
        "member",
        "organization",
        "kind",
        "meeting_on",
        "decided_on",
        "document_number",
        "state_label",
    )
    list_filter = ("state", "kind")
    list_select_related = ("member", "organization")
    date_hierarchy = "decided_on"
    ordering = ("-pk",)
    fields = (*list_display, "ground", "since", "proposed_by", "settled_by")

    @admin.display(description="状态")
    def state_label(self, decision: MembershipDecision) -> Any:
        return decision.state_label
