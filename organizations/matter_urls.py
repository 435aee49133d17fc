"""Addresses of delegated matters."""

from django.urls import path

from organizations.views import matters

# /organizations/matters/
_matter = "matters/<int:pk>/"
urlpatterns = [
    path("matters/", matters.matter_list, name="matter-list"),
    path("matters/add/", matters.matter_add, name="matter-add"),
    path(_matter, matters.matter, name="matter"),
    path(f"{_matter}edit/", matters.matter_edit, name="matter-edit"),
    path(f"{_matter}handover/", matters.matter_handover, name="matter-handover"),
    path(f"{_matter}steps/<slug:step>/", matters.matter_step, name="matter-step"),
    path(f"{_matter}back/", matters.matter_back, name="matter-back"),
    path(
        f"{_matter}arrivals/add/",
        matters.matter_arrival_add,
        name="matter-arrival-add",
    ),
    path(
        "matters/arrivals/<int:pk>/withdraw/",
        matters.matter_arrival_withdraw,
        name="matter-arrival-withdraw",
    ),
]
