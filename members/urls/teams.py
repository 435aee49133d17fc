"""Addresses of committees, their elections and terms."""

from django.urls import path

from members.views import elections, teams

urlpatterns = [
    path("teams/", teams.teams, name="teams"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/officer/", teams.officer_add, name="officer-add"),
    path("teams/<int:pk>/term/", teams.term_change, name="term-change"),
    path("teams/<int:pk>/election/", elections.election_add, name="election-add"),
    path("offices/<int:pk>/end/", teams.officer_end, name="officer-end"),
    path("elections/<int:pk>/", elections.election, name="election"),
    path(
        "elections/<int:pk>/approve/",
        elections.election_approve,
        name="election-approve",
    ),
    path(
        "elections/<int:pk>/withdraw/",
        elections.election_withdraw,
        name="election-withdraw",
    ),
]
