"""Addresses of relations on their way."""

from django.urls import path

from members.views import transfers

urlpatterns = [
    path(
        "affiliations/<int:pk>/transfer/",
        transfers.transfer_add,
        name="transfer-add",
    ),
    # /members/transfers/
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/<int:pk>/", transfers.transfer_detail, name="transfer"),
    path(
        "transfers/<int:pk>/letter/",
        transfers.transfer_letter,
        name="transfer-letter",
    ),
    path(
        "transfers/<int:pk>/<slug:step>/",
        transfers.transfer_step,
        name="transfer-step",
    ),
]
