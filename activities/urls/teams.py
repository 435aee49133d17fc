"""Below /activities/: volunteer teams."""

from django.urls import path

from activities.views import teams

urlpatterns = [
    path("teams/", teams.team_list, name="team-list"),
    path("teams/add/", teams.team_add, name="team-add"),
    path("teams/<int:pk>/", teams.team_detail, name="team"),
    path("teams/<int:pk>/edit/", teams.team_edit, name="team-edit"),
    path("teams/<int:pk>/close/", teams.team_close, name="team-close"),
    path("teams/<int:pk>/members/", teams.team_members, name="team-members"),
    path("teams/places/<int:pk>/leave/", teams.place_leave, name="team-leave"),
    path("teams/places/<int:pk>/lead/", teams.place_lead, name="team-lead"),
    path("teams/free-time/<int:member_pk>/", teams.availability, name="availability"),
]
