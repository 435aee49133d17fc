"""Stays in the browser admin: to look at; the steps are the portal's."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from config.lib.admin import ReadOnlyScopedAdmin
from members.models import MobileStay
from organizations.access import Right


@admin.register(MobileStay)
class MobileStayAdmin(ReadOnlyScopedAdmin):
    view_right = Right.VIEW_MEMBERS
    list_display = (
        *("person_name", "direction", "state", "origin_name", "destination_name"),
        *("division_name", "started_on", "last_contact_on"),
    )
    list_filter = ("state", "direction", "reason")
    list_select_related = ("member", "home", "host")
    ordering = ("-pk",)
    fields = (
        *("person_name", "direction", "state", "origin_name", "destination_name"),
        *("division_name", "reason", "started_on", "expected_end_on", "card_number"),
        *("proof", "verified_on", "verified_by", "placed_on", "group_name"),
        *("registered_on", "registered_by", "last_contact_on", "ended_on"),
        *("end_reason", "closing_note"),
    )

    def place_of(self, obj: MobileStay) -> Any:
        return None  # one that is seen may be looked at: one side is in scope

    @admin.display(description="姓名")
    def person_name(self, stay: MobileStay) -> str:
        return stay.person_name

    @admin.display(description="组织关系所在党组织")
    def origin_name(self, stay: MobileStay) -> str:
        return stay.origin_name

    @admin.display(description="流入地党组织")
    def destination_name(self, stay: MobileStay) -> str:
        return stay.destination_name

    @admin.display(description="流动地点")
    def division_name(self, stay: MobileStay) -> str:
        return stay.division_name
