"""Addresses of how memberships stand: lost contact, decisions, what follows."""

from django.urls import path

from members.views import decisions, lost, standing

urlpatterns = [
    path("standing/", standing.standing_list, name="standing-list"),
    # /members/<id>/
    path("<int:pk>/standing/", standing.standing, name="standing"),
    path("<int:pk>/lost/", lost.lost_add, name="lost-add"),
    path("<int:pk>/decide/", decisions.decision_add, name="decision-add"),
    path("<int:pk>/death/", decisions.death_add, name="death-add"),
    # /members/lost/<id>/
    path("lost/<int:pk>/", lost.lost, name="lost"),
    path("lost/<int:pk>/amend/", lost.lost_amend, name="lost-amend"),
    path("lost/<int:pk>/found/", lost.lost_found, name="lost-found"),
    # /members/decisions/<id>/
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path(
        "decisions/<int:pk>/<slug:step>/",
        decisions.decision_step,
        name="decision-step",
    ),
]
