"""The browser admin: Django's own site with the portal's names and login."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class PortalAdminSite(admin.AdminSite):
    site_title = "街道党建工作平台"
    site_header = "街道党建工作平台 · 后台管理"
    index_title = "后台管理"
    enable_nav_sidebar = True


class PortalAdminConfig(AdminConfig):
    default_site = "config.admin_site.PortalAdminSite"
