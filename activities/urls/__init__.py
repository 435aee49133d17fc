"""Addresses under /activities/; ids only, never a name or a number of a person."""

from activities.urls import (
    activities,
    households,
    plans,
    programs,
    projects,
    requests,
    reviews,
    school,
    sign_in,
    study,
    teams,
)

app_name = "activities"
urlpatterns = [
    *activities.urlpatterns,
    *plans.urlpatterns,
    *households.urlpatterns,
    *programs.urlpatterns,
    *sign_in.urlpatterns,
    *school.urlpatterns,
    *study.urlpatterns,
    *teams.urlpatterns,
    *requests.urlpatterns,
    *reviews.urlpatterns,
    *projects.urlpatterns,
]
