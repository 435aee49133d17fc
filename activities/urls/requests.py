"""Below /activities/: residents' requests."""

from django.urls import path

from activities.views import request_steps, requests

urlpatterns = [
    path("requests/", requests.request_list, name="request-list"),
    path("requests/add/", requests.request_add, name="request-add"),
    path("requests/match/", requests.match, name="match"),
    path("requests/<int:pk>/", requests.request_detail, name="request"),
    path(
        "requests/<int:pk>/reveal/<slug:field>/",
        requests.request_reveal,
        name="request-reveal",
    ),
    path(
        "requests/<int:pk>/<slug:step>/",
        request_steps.request_step,
        name="request-step",
    ),
]
