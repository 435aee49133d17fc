"""Below /activities/: what is owed, plans, the calendar and its feed."""

from django.urls import path

from activities.views import duties

urlpatterns = [
    path("duties/", duties.duty_board, name="duties"),
]
