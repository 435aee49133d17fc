"""Transfers in the browser admin: to look at; the steps are the portal's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from members.models import Transfer
from organizations.access import Right


@admin.register(Transfer)
class TransferAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = (
        "member",
        "direction",
        "origin_name",
        "destination_name",
        "number",
        "issued_on",
        "accepted_on",
        "state_label",
    )
    list_filter = ("state", "direction", "destination")
    list_select_related = ("member", "source", "target")
    date_hierarchy = "issued_on"
    ordering = ("-pk",)
    fields = (
        "member",
        "direction",
        "state",
        "origin_name",
        "destination_name",
        "destination",
        "addressee",
        "number",
        "issued_on",
        "valid_days",
        "last_day",
        "dues_paid_to",
        "accepted_on",
        "receipt_on",
        "reason",
        "closing_note",
        "batch",
        "drafted_by",
    )

    def place_of(self, obj: Transfer) -> Any:
        return None  # one that is seen may be looked at: its branches are in scope

    @admin.display(description="转出党组织")
    def origin_name(self, transfer: Transfer) -> str:
        return transfer.origin_name

    @admin.display(description="转往")
    def destination_name(self, transfer: Transfer) -> str:
        return transfer.destination_name

    @admin.display(description="介绍信编号")
    def number(self, transfer: Transfer) -> str:
        return transfer.number

    @admin.display(description="状态")
    def state_label(self, transfer: Transfer) -> str:
        return transfer.state_label
