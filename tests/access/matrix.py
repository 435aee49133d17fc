"""The whole matrix: one entry a URL name."""

from __future__ import annotations

from collections import Counter

from tests.access import (
    matrix_activities,
    matrix_admin,
    matrix_api,
    matrix_members,
    matrix_organizations,
)
from tests.access.policies import Entry

ENTRIES: list[Entry] = [
    *matrix_organizations.ENTRIES,
    *matrix_members.ENTRIES,
    *matrix_activities.ENTRIES,
    *matrix_api.ENTRIES,
    *matrix_admin.ENTRIES,
]


def mismatches(names: set[str], entries: list[Entry]) -> list[str]:
    """Addresses without an entry, entries without an address, entries given twice."""
    counted = Counter(entry.name for entry in entries)
    return [
        *(f"no entry for the URL {name}" for name in sorted(names - set(counted))),
        *(f"no URL for the entry {name}" for name in sorted(set(counted) - names)),
        *(f"two entries for {name}" for name, n in sorted(counted.items()) if n > 1),
    ]
