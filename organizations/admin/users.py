"""Accounts in the browser admin: made, renamed, reset and disabled by services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from config.lib.admin import ReadOnlyInline, ScopedModelAdmin
from config.lib.errors import RuleError
from organizations.access import Right
from organizations.models import Post, User
from organizations.services import accounts, totp


class PostInline(ReadOnlyInline):
    model = Post
    fk_name = "user"
    fields = ["role", "organization", "work_unit", "starts_on", "ends_on"]
    verbose_name_plural = "岗位（在“岗位”中授予和结束）"


@admin.register(User)
class UserAdmin(ScopedModelAdmin):
    view_right = add_right = change_right = Right.MANAGE_USERS
    list_display = ["username", "display_name", "is_active", "last_login"]
    list_filter = ["is_active"]
    search_fields = ["username", "display_name"]
    search_help_text = "按用户名或姓名查找"
    ordering = ["username"]
    change_form_template = "admin/organizations/user/change_form.html"
    readonly_fields = ["is_active", "must_change_password", "last_login"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = ["username", "display_name"]
        return fields if obj is None else [*fields, *self.readonly_fields]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The name in the audit trail must go on meaning the same person.
        return (
            self.readonly_fields
            if obj is None
            else [
                "username",
                *self.readonly_fields,
            ]
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return [] if obj is None else [PostInline]

    def save_by_service(
        self, request: HttpRequest, obj: User, form: Any, change: bool
    ) -> User:
        values = form.cleaned_data
        if change:
            return accounts.rename_account(
                user_id=obj.pk, display_name=values["display_name"], actor=request.user
            )
        user, request.initial_password = accounts.create_account(
            username=values["username"],
            display_name=values["display_name"],
            actor=request.user,
        )
        return user

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: Any = None
    ) -> HttpResponse:
        return self._show_password(request, obj, request.initial_password)

    # Actions on one account --------------------------------------------------------

    def get_urls(self) -> list[Any]:
        actions = {
            "reset-password": self.reset_password,
            "toggle-active": self.toggle_active,
            "reset-totp": self.reset_totp,
        }
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"organizations_user_{name}",
            )
            for name, view in actions.items()
        ]
        return [*own, *super().get_urls()]

    def reset_password(self, request: HttpRequest, pk: int) -> HttpResponse:
        question = "原密码立即失效，已登录的会话全部退出。确定重置吗？"

        def act(user: User) -> HttpResponse:
            _, password = accounts.reset_password(user_id=pk, actor=request.user)
            return self._show_password(request, user, password)

        return self._confirm(request, pk, "重置密码", question, act)

    def toggle_active(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        title = "停用账号" if user.is_active else "启用账号"
        question = (
            "停用后立即退出登录，排队的任务不再执行；岗位保留。确定停用吗？"
            if user.is_active
            else "启用后，该账号按其岗位恢复权限。确定启用吗？"
        )

        def act(user: User) -> None:
            accounts.set_active(
                user_id=pk, is_active=not user.is_active, actor=request.user
            )

        return self._confirm(request, pk, title, question, act)

    def reset_totp(self, request: HttpRequest, pk: int) -> HttpResponse:
        question = "该账号的两步验证将被取消，下次只凭密码登录。确定取消吗？"

        def act(user: User) -> None:
            totp.reset_totp(user_id=pk, actor=request.user)

        return self._confirm(request, pk, "取消两步验证", question, act)

    def _confirm(
        self,
        request: HttpRequest,
        pk: int,
        title: str,
        question: str,
        act: Callable[[User], HttpResponse | None],
    ) -> HttpResponse:
        """Ask on GET, act on POST; a refusal leads back with its reason."""
        user = get_object_or_404(self.get_queryset(request), pk=pk)
        back = reverse("admin:organizations_user_change", args=[pk])
        if request.method == "POST":
            try:
                response = act(user)
            except RuleError as error:
                messages.error(request, str(error))
                return redirect(back)
            if response is None:
                messages.success(request, f"已{title}：{user}。")
            return response or redirect(back)
        context = self._context(request, user, title)
        context |= {"question": question, "back": back}
        return TemplateResponse(
            request, "admin/organizations/user/confirm.html", context
        )

    def _show_password(
        self, request: HttpRequest, user: User, password: str
    ) -> HttpResponse:
        """Answer with the password itself: it is kept nowhere, a cookie included."""
        context = self._context(request, user, "一次性初始密码")
        context["initial_password"] = password
        return TemplateResponse(
            request, "admin/organizations/user/initial_password.html", context
        )

    def _context(self, request: HttpRequest, user: User, title: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "original": user,
            "title": title,
        }
