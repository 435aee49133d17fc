"""Cards and feedback in the browser admin: to look at; work is done in the portal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.lib.admin import ReadOnlyInline, ReadOnlyScopedAdmin
from liaison.models import (
    CardEntry,
    ClaimPost,
    Delivery,
    FeedbackPacket,
    FeedbackPeriod,
    LiaisonCard,
)
from organizations.access import Right


class CardEntryInline(ReadOnlyInline):
    model = CardEntry
    fields = ["kind", "occurred_on", "hours", "content", "written_by", "withdrawn_at"]


@admin.register(LiaisonCard)
class LiaisonCardAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["number", "member", "organization", "home_unit", "starts_on"]
    list_select_related = ["member", "organization", "home_unit"]
    list_filter = ["starts_on"]
    search_fields = ["number", "member__name", "home_unit__name"]
    fields = [
        "number",
        "member",
        "organization",
        "home_unit",
        "profession",
        "wishes",
        "free_time",
        "starts_on",
        "ends_on",
        "end_reason",
        "opened_by",
    ]
    inlines = [CardEntryInline]


@admin.register(FeedbackPeriod)
class FeedbackPeriodAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["label", "organization", "state", "due_on", "closed_at", "built_at"]
    list_select_related = ["organization"]
    list_filter = ["state", "kind"]
    fields = [
        "organization",
        "kind",
        "label",
        "starts_on",
        "ends_on",
        "due_on",
        "state",
        "closed_at",
        "built_at",
    ]


class DeliveryInline(ReadOnlyInline):
    model = Delivery
    # Never the token's digest: nobody needs it.
    fields = ["attempt", "channel", "state", "recipient", "sent_at", "error"]


@admin.register(FeedbackPacket)
class FeedbackPacketAdmin(ReadOnlyScopedAdmin):
    view_right = Right.ISSUE_FEEDBACK
    list_display = ["number", "work_unit", "period", "member_count", "channel"]
    list_select_related = ["work_unit", "period__organization"]
    list_filter = ["channel"]
    search_fields = ["number", "work_unit__name"]
    fields = [
        "number",
        "corrects",
        "period",
        "work_unit",
        "member_count",
        "channel",
        "built_at",
        "sent_at",
        "content_sha256",
    ]
    inlines = [DeliveryInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")

    def place_of(self, obj: FeedbackPacket) -> Any:
        return obj.period.organization


@admin.register(ClaimPost)
class ClaimPostAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = ["title", "category", "organization", "places", "opened_on"]
    list_select_related = ["organization"]
    list_filter = ["category"]
    search_fields = ["title"]
    fields = [
        *("organization", "category", "title", "duties", "places", "needed_at"),
        *("time_words", "opened_on", "closed_on", "recorded_by"),
    ]
