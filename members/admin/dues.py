"""Dues paid and commendations in the browser admin: to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from members.models import Commendation, DuesMonth
from organizations.access import Right


@admin.register(DuesMonth)
class DuesMonthAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ("member", "organization", "month", "due", "paid", "paid_on")
    list_select_related = ("member", "organization")
    date_hierarchy = "month"
    ordering = ("-pk",)
    fields = (
        *list_display,
        *("recorded_by", "recorded_at", "withdrawn_by", "withdrawn_at", "withdrawal"),
    )

    def place_of(self, obj: DuesMonth) -> Any:
        return None  # seen by who sees the roll of today, wherever it was paid


@admin.register(Commendation)
class CommendationAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ("member", "organization", "title", "level", "awarded_on")
    list_filter = ("level", "title")
    list_select_related = ("member", "organization")
    date_hierarchy = "awarded_on"
    ordering = ("-pk",)
    fields = (
        *list_display,
        *("approver", "document_number", "deed"),
        *("recorded_by", "recorded_at", "withdrawn_by", "withdrawn_at"),
    )

    def place_of(self, obj: Commendation) -> Any:
        return None  # seen by who sees the branch or the person
