"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import include, path

from config.lib.views import toggle_big_type
from organizations.views.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("preferences/big-type/", toggle_big_type, name="big-type"),
    path("account/", include("organizations.account_urls")),
    path("organizations/", include("organizations.urls")),
    path("members/", include("members.urls")),
    path("activities/", include("activities.urls")),
    path("liaison/", include("liaison.urls")),
    path("api/v1/", include("config.api_urls")),
    path("", include("reports.urls")),
]
