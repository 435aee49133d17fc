"""Addresses under /activities/; ids only, never a name or a number of a person."""

from activities.urls import activities, programs

app_name = "activities"
urlpatterns = [*activities.urlpatterns, *programs.urlpatterns]
