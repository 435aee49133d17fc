"""Addresses of the way into the Party."""

from django.urls import path

from members.views import (
    development,
    development_closing,
    development_ledger,
    probation,
)

urlpatterns = [
    # /members/development/
    path("development/", development.board, name="development"),
    path("development/add/", development.applicant_add, name="applicant-add"),
    path("development/ledger/", development_ledger.ledger, name="development-ledger"),
    path(
        "development/steps/<int:pk>/withdraw/",
        development_closing.development_withdraw,
        name="development-withdraw",
    ),
    # /members/development/<id>/
    path("development/<int:pk>/", development.applicant_detail, name="applicant"),
    path(
        "development/<int:pk>/edit/", development.applicant_edit, name="applicant-edit"
    ),
    path(
        "development/<int:pk>/close/",
        development_closing.applicant_close,
        name="applicant-close",
    ),
    path(
        "development/<int:pk>/hand-over/",
        development_closing.applicant_hand_over,
        name="applicant-hand-over",
    ),
    path(
        "development/<int:pk>/steps/<slug:kind>/",
        development.applicant_step,
        name="applicant-step",
    ),
    # /members/<id>/
    path(
        "<int:pk>/probation/<slug:kind>/",
        probation.probation_step,
        name="probation-step",
    ),
]
