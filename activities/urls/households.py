"""Below /activities/: households, visits to them and what was promised there."""

from django.urls import path

from activities.views import household_sheets, households, visit_matters, visits

urlpatterns = [
    path("households/", households.household_list, name="household-list"),
    path("households/add/", households.household_add, name="household-add"),
    path("households/import/", household_sheets.ledger_upload, name="ledger-upload"),
    path(
        "households/import/template/",
        household_sheets.ledger_template,
        name="ledger-template",
    ),
    path(
        "households/import/<uuid:pk>/",
        household_sheets.ledger_preview,
        name="ledger-preview",
    ),
    path("households/<int:pk>/", households.household_detail, name="household"),
    path(
        "households/<int:pk>/edit/", households.household_amend, name="household-amend"
    ),
    path("households/<int:pk>/end/", households.household_end, name="household-end"),
    path(
        "households/<int:pk>/reveal/<slug:field>/",
        households.household_reveal,
        name="household-reveal",
    ),
    path("visits/", visits.visit_list, name="visit-list"),
    path("visits/board/", visits.visit_board, name="visit-board"),
    path("visits/record/", visits.visit_record, name="visit-record"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit"),
    path("visits/<int:pk>/withdraw/", visits.visit_withdraw, name="visit-withdraw"),
    path("visits/matters/", visit_matters.matter_list, name="visit-matters"),
    path("visits/matters/<int:pk>/", visit_matters.matter_detail, name="visit-matter"),
    path(
        "visits/matters/<int:pk>/<slug:act>/",
        visit_matters.matter_step,
        name="visit-matter-step",
    ),
]
