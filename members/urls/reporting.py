"""Addresses of members who report to the community."""

from django.urls import path

from members.views import (
    comments,
    double_reports,
    plaques,
    reports,
    slip_papers,
    slip_sheets,
    slips,
)

urlpatterns = [
    # /members/slips/
    path("slips/", slips.slip_list, name="slip-list"),
    path("slips/add/", slips.slip_add, name="slip-add"),
    path("slips/template/", slip_sheets.slip_template, name="slip-template"),
    path("slips/upload/", slip_sheets.slip_upload, name="slip-upload"),
    path(
        "slips/upload/<uuid:pk>/",
        slip_sheets.slip_preview,
        name="slip-preview",
    ),
    # Reported twice
    path("slips/doubles/", double_reports.double_list, name="double-list"),
    path("slips/<int:pk>/keep/", double_reports.keep_slip, name="keep-slip"),
    path(
        "affiliations/<int:pk>/keep/",
        double_reports.keep_relation,
        name="keep-relation",
    ),
    # /members/slips/<id>/
    path("slips/<int:pk>/", slips.slip_detail, name="slip"),
    path("slips/<int:pk>/print/", slip_papers.slip_print, name="slip-print"),
    path("slips/<int:pk>/amend/", slips.slip_amend, name="slip-amend"),
    path("slips/<int:pk>/<slug:step>/", slips.slip_step, name="slip-step"),
    # Plaques
    path("plaques/", plaques.plaque_list, name="plaque-list"),
    path("plaques/rates/", plaques.plaque_rates, name="plaque-rates"),
    path("plaques/<int:pk>/", plaques.plaque_detail, name="plaque"),
    path("plaques/<int:pk>/amend/", plaques.plaque_amend, name="plaque-amend"),
    path("plaques/<int:pk>/down/", plaques.plaque_down, name="plaque-down"),
    path("plaques/<int:pk>/join/", plaques.household_join, name="household-join"),
    path(
        "plaques/places/<int:pk>/leave/",
        plaques.household_leave,
        name="household-leave",
    ),
    # Residents' comments
    path("comments/", comments.comment_list, name="comment-list"),
    path("comments/<int:pk>/", comments.comment_detail, name="comment"),
    path(
        "comments/<int:pk>/<slug:step>/",
        comments.comment_step,
        name="comment-step",
    ),
    # /members/<id>/
    path("<int:pk>/reports/", reports.member_reports, name="reports"),
    path("<int:pk>/plaque/", plaques.plaque_add, name="plaque-add"),
    path("<int:pk>/comments/add/", comments.comment_add, name="comment-add"),
]
