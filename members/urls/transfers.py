"""Addresses of relations on their way."""

from django.urls import path

from members.views import (
    letters,
    transfer_actions,
    transfer_batches,
    transfers,
    transfers_in,
)

urlpatterns = [
    path(
        "affiliations/<int:pk>/transfer/",
        transfers.transfer_add,
        name="transfer-add",
    ),
    # /members/transfers/
    path("transfers/", transfers.transfer_list, name="transfer-list"),
    path("transfers/in/", transfers_in.transfer_in, name="transfer-in"),
    path(
        "transfers/together/<slug:step>/",
        transfer_actions.transfers_together,
        name="transfers-together",
    ),
    path(
        "transfers/batches/add/", transfer_batches.batch_add, name="transfer-batch-add"
    ),
    path(
        "transfers/batches/<int:pk>/",
        transfer_batches.batch_detail,
        name="transfer-batch",
    ),
    path(
        "transfers/batches/<int:pk>/letters/",
        letters.batch_letters,
        name="batch-letters",
    ),
    path(
        "transfers/batches/<int:pk>/document/",
        letters.batch_document,
        name="batch-document",
    ),
    # /members/transfers/<id>/
    path("transfers/<int:pk>/", transfers.transfer_detail, name="transfer"),
    path("transfers/<int:pk>/amend/", transfers.transfer_amend, name="transfer-amend"),
    path("transfers/<int:pk>/letter/", letters.transfer_letter, name="transfer-letter"),
    path(
        "transfers/<int:pk>/document/",
        letters.transfer_document,
        name="transfer-document",
    ),
    path(
        "transfers/<int:pk>/<slug:step>/",
        transfer_actions.transfer_step,
        name="transfer-step",
    ),
]
