"""Posts in the browser admin: granted and ended by services, never rewritten."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from config.lib.admin import ScopedModelAdmin
from config.lib.errors import RuleError
from organizations.access import Right
from organizations.forms.posts import PostForm
from organizations.models import Post
from organizations.services import posts


@admin.register(Post)
class PostAdmin(ScopedModelAdmin):
    form = PostForm
    view_right = add_right = change_right = Right.MANAGE_USERS
    list_display = ["user", "role", "place", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user", "organization", "work_unit"]
    search_fields = ["user__username", "user__display_name", "organization__name"]
    search_help_text = "按账号或党组织查找"
    autocomplete_fields = ["user", "organization", "work_unit"]
    date_hierarchy = "starts_on"

    @admin.display(description="党组织或单位", ordering="organization__path")
    def place(self, post: Post) -> str:
        return str(post.organization or post.work_unit)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return []
        # What was granted stays as it was; only its end may be set.
        return ["user", "role", "organization", "work_unit", "starts_on"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return list(PostForm.Meta.fields)

    def save_by_service(
        self, request: HttpRequest, obj: Post, form: Any, change: bool
    ) -> Post:
        values = form.cleaned_data
        if change:
            if values["ends_on"] is None:
                raise RuleError("请填写岗位的结束日期。", code="ends_on")
            return posts.end_post(
                post_id=obj.pk, ends_on=values["ends_on"], actor=request.user
            )
        return posts.grant_post(
            user_id=values["user"].pk,
            role=values["role"],
            organization_id=values["organization"] and values["organization"].pk,
            work_unit_id=values["work_unit"] and values["work_unit"].pk,
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            actor=request.user,
        )
