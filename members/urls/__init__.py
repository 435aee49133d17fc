"""Addresses under /members/; ids only, never a name or a number of a person."""

from django.urls import include, path

app_name = "members"
urlpatterns = [
    path("", include("members.urls.people")),
    path("", include("members.urls.transfers")),
    path("", include("members.urls.contacts")),
    path("", include("members.urls.quality")),
    path("", include("members.urls.standing")),
    path("", include("members.urls.reporting")),
    path("", include("members.urls.development")),
    path("", include("members.urls.dues")),
    path("", include("members.urls.employment")),
    path("", include("members.urls.hardship")),
    path("", include("members.urls.mobile")),
    path("", include("members.urls.mutual")),
    path("", include("members.urls.teams")),
    path("", include("members.urls.coverage")),
    path("", include("members.urls.instructors")),
    path("roster/", include("members.urls.roster")),
]
