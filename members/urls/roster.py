"""Addresses under /members/roster/."""

from django.urls import path

from members.views import roster

urlpatterns = [
    path("", roster.roster_upload, name="roster-upload"),
    # /members/roster/<id>/
    path("<uuid:pk>/mapping/", roster.roster_mapping, name="roster-mapping"),
    path("<uuid:pk>/preview/", roster.roster_preview, name="roster-preview"),
    path("<uuid:pk>/confirm/", roster.roster_confirm, name="roster-confirm"),
    path("<uuid:pk>/cancel/", roster.roster_cancel, name="roster-cancel"),
    path("<uuid:pk>/result/", roster.roster_result, name="roster-result"),
    path("<uuid:pk>/file/", roster.roster_file, name="roster-file"),
    path("<uuid:pk>/undo/", roster.roster_undo, name="roster-undo"),
]
