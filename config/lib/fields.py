"""Model fields that more than one app could use."""

from __future__ import annotations

from typing import Any

from django.db import models


class BytewiseCharField(models.CharField):
    """Text ordered byte by byte, whatever language the database sorts by.

    For codes and spellings that no one reads as words. On PostgreSQL one index then
    answers order and prefix alike, and is kept at four fifths of the price; SQLite
    compares all text so.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        found = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            found["collation"] = "C"
        return found
