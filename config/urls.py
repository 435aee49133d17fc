"""Every address of the portal, app by app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("organizations.urls")),
    path("members/", include("members.urls")),
    path("activities/", include("activities.urls")),
    path("liaison/", include("liaison.urls")),
    path("reports/", include("reports.urls")),
]
