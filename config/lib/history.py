"""Histories of rows that rosters write by the ten thousand."""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class RowHistory(HistoricalRecords):
    """A history that costs a row little: its user is neither checked nor indexed.

    A user whom the audit names cannot be deleted, and nobody asks a history for all
    that one user wrote: the audit tells that.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, user_db_constraint=False, **kwargs)

    def _get_history_user_fields(self) -> dict[str, models.Field]:
        # simple-history has an option for the constraint, none for the index.
        fields = super()._get_history_user_fields()
        fields["history_user"].db_index = False
        return fields
