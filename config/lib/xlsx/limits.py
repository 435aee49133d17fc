"""Limits of an upload, far above what any office sends (local rule)."""

from __future__ import annotations

from typing import NamedTuple

MEGABYTE = 1024 * 1024
EXCEL_ROWS = 1_048_576
EXCEL_COLUMNS = 16_384


class Limits(NamedTuple):
    """Sizes in bytes, times in seconds; `rows` counts the heading row."""

    size: int = 20 * MEGABYTE
    entries: int = 1_000
    inflated: int = 256 * MEGABYTE
    ratio: int = 100
    rows: int = 100_001
    columns: int = 200
    merges: int = 20_000
    merged_area: int = 100_000
    memory: int = 1536 * MEGABYTE
    output: int = 1024 * MEGABYTE
    seconds: int = 25
    seconds_large: int = 180
    large: int = 2 * MEGABYTE

    def seconds_for(self, size: int) -> int:
        """Return the wall and CPU limit for a file of `size` bytes."""
        return self.seconds_large if size > self.large else self.seconds
