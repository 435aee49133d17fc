"""Employment, help and deeds in the browser admin: to look at only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from members.models import EmploymentSpell, HelpStep, Lead
from organizations.access import Right

_WRITTEN = ("organization", "recorded_by", "recorded_at", "withdrawn_at")


class _RecordAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_select_related = ("member", "organization")

    def place_of(self, obj: Any) -> Any:
        return None  # one that is seen may be looked at: it goes with the person


@admin.register(EmploymentSpell)
class EmploymentSpellAdmin(_RecordAdmin):
    list_display = ("member", "status", "starts_on", "organization", "withdrawn_at")
    list_filter = ("status",)
    fields = ("member", "status", "starts_on", "workplace", "source", *_WRITTEN)


@admin.register(HelpStep)
class HelpStepAdmin(_RecordAdmin):
    list_display = ("member", "kind", "given_on", "result", "organization")
    list_filter = ("kind", "result")
    fields = (
        *("member", "kind", "given_on", "provider", "content"),
        *("result", "result_on", "result_words", *_WRITTEN),
    )


@admin.register(Lead)
class LeadAdmin(_RecordAdmin):
    list_display = (
        *("member", "kind", "starts_on", "people_count", "posts_count"),
        "organization",
    )
    list_filter = ("kind",)
    fields = (
        *("member", "kind", "starts_on", "title", "people_count", "posts_count"),
        *("evidence", "source", *_WRITTEN),
    )
