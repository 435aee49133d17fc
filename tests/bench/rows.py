"""Writes many rows at once, as the portal's own import does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from members.imports import store

CHUNK = 10_000


def insert(model: Any, rows: Iterator[dict[str, Any]]) -> None:
    """Write rows given by column, a chunk at a time."""
    part: list[dict[str, Any]] = []

    def write() -> None:
        if part:
            columns = list(part[0])
            store.insert_rows(model, columns, [tuple(row.values()) for row in part])
            part.clear()

    for row in rows:
        part.append({name: _plain(value) for name, value in row.items()})
        if len(part) == CHUNK:
            write()
    write()


def _plain(value: Any) -> Any:
    return value.isoformat() if type(value) is date else value
