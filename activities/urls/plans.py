"""Below /activities/: what is owed, plans, the calendar and its feed."""

from django.urls import path

from activities.views import calendar, duties, plans

urlpatterns = [
    path("duties/", duties.duty_board, name="duties"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/add/", plans.plan_add, name="plan-add"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan-edit"),
    path("plans/<int:pk>/withdraw/", plans.plan_withdraw, name="plan-withdraw"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feed/", calendar.feed_settings, name="feed"),
    path("calendar/feed/<str:token>.ics", calendar.feed, name="feed-ics"),
]
