"""The browser admin: Django's own site with the portal's names and login."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.templatetags import admin_list
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib.views import admin_login


class PortalAdminSite(admin.AdminSite):
    site_title = "街道党建工作平台"
    site_header = "街道党建工作平台 · 后台管理"
    index_title = "后台管理"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Posts open the admin; `is_staff` and `is_superuser` do not."""
        user = request.user
        return user.is_active and getattr(user, "is_staff_user", False)

    def get_urls(self) -> list[Any]:
        # Its shortcut to any row of any table tells which ids exist, in scope or not.
        urls = super().get_urls()
        return [u for u in urls if getattr(u, "name", "") != "view_on_site"]

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            # Another login page would send them round in a circle.
            raise PermissionDenied("您的岗位没有进入后台管理的权限。")
        return admin_login(request)

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        # 307 keeps the POST, so that the portal's own logout does the work.
        return redirect("logout", preserve_request=True)

    def password_change(
        self, request: HttpRequest, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("password-change")


def boolean_icon(value: bool | None) -> SafeString:
    """Draw Django's mark of a yes or no; its own is read out in English."""
    name, text = {True: ("yes", "是"), False: ("no", "否")}.get(
        value, ("unknown", "未知")
    )
    return format_html(
        '<img src="{}" alt="{}">', static(f"admin/img/icon-{name}.svg"), text
    )


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin_site.PortalAdminSite"

    def ready(self) -> None:
        super().ready()
        # Django takes it from there at each use, and offers no other way.
        admin_list._boolean_icon = boolean_icon
