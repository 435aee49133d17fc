"""Communities in the browser admin; buildings are read here, changed in the portal."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.lib.admin import ReadOnlyInline, ScopedModelAdmin
from organizations.access import Right
from organizations.models import Building, Community
from organizations.services.communities import save_community


class BuildingInline(ReadOnlyInline):
    model = Building
    fields = ["name", "grid"]
    show_change_link = False
    verbose_name_plural = "楼栋（在平台的“社区”页面修改）"


@admin.register(Community)
class CommunityAdmin(ScopedModelAdmin):
    view_right = Right.VIEW_ORGANIZATIONS
    add_right = change_right = Right.MANAGE_ORGANIZATIONS
    fields = ["name", "organization", "address", "grid_count"]
    list_display = ["name", "organization", "address", "grid_count"]
    list_select_related = ["organization"]
    search_fields = ["name", "organization__name"]
    search_help_text = "按社区或党组织名称查找"

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [] if obj is None else [BuildingInline]

    def save_by_service(
        self, request: HttpRequest, obj: Community, form: Any, change: bool
    ) -> Community:
        values = form.cleaned_data
        return save_community(
            community_id=obj.pk if change else None,
            organization_id=values["organization"].pk,
            name=values["name"],
            address=values["address"],
            grid_count=values["grid_count"],
            actor=request.user,
        )
