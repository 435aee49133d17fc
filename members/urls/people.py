"""Addresses of people, their relations and claims to them."""

from django.urls import path

from members.views import affiliations, claims, members

urlpatterns = [
    path("", members.member_list, name="list"),
    path("add/", members.member_add, name="add"),
    path("find/", members.member_find, name="find"),
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
