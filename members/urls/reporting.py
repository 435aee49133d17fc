"""Addresses of members who report to the community."""

from django.urls import path

from members.views import slip_sheets, slips

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
    # /members/slips/<id>/
    path("slips/<int:pk>/", slips.slip_detail, name="slip"),
    path("slips/<int:pk>/amend/", slips.slip_amend, name="slip-amend"),
    path("slips/<int:pk>/<slug:step>/", slips.slip_step, name="slip-step"),
]
