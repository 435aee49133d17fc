"""Addresses under /members/; ids only, never a name or a number of a person."""

from django.urls import include, path

from members.views import affiliations, claims, members, transfers

app_name = "members"
urlpatterns = [
    path("", members.member_list, name="list"),
    path("add/", members.member_add, name="add"),
    path("find/", members.member_find, name="find"),
    path("roster/", include("members.roster_urls")),
    path("claims/", claims.claim_list, name="claim-list"),
    path("claims/<int:pk>/", claims.claim_settle, name="claim-settle"),
    # /members/affiliations/<id>/
    path(
        "affiliations/<int:pk>/end/",
        affiliations.affiliation_end,
        name="affiliation-end",
    ),
    path(
        "affiliations/<int:pk>/move/",
        affiliations.affiliation_move,
        name="affiliation-move",
    ),
    path(
        "affiliations/<int:pk>/reopen/",
        affiliations.affiliation_reopen,
        name="affiliation-reopen",
    ),
    path(
        "affiliations/<int:pk>/transfer/",
        transfers.transfer_add,
        name="transfer-add",
    ),
    # /members/transfers/
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/<int:pk>/", transfers.transfer_detail, name="transfer"),
    path(
        "transfers/<int:pk>/letter/",
        transfers.transfer_letter,
        name="transfer-letter",
    ),
    path(
        "transfers/<int:pk>/<slug:step>/",
        transfers.transfer_step,
        name="transfer-step",
    ),
    # /members/<id>/
    path("<int:pk>/", members.member_detail, name="detail"),
    path("<int:pk>/history/", members.member_history, name="history"),
    path("<int:pk>/edit/", members.member_edit, name="edit"),
    path("<int:pk>/reveal/<slug:field>/", members.member_reveal, name="reveal"),
    path(
        "<int:pk>/affiliations/add/",
        affiliations.affiliation_add,
        name="affiliation-add",
    ),
]
