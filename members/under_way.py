"""Of whom something is under way that ends, or follows, when his relation ends.

Where many relations end together `relation_ended` is sent for these alone: to ask
each receiver about each of five hundred people takes many times longer than to end
the relations.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet

# Rows with a `member`, of those whose ids are given.
Find = Callable[[Collection[int]], QuerySet]
_finds: list[Find] = []


def register_under_way(find: Find) -> None:
    """Announce rows that a receiver of `relation_ended` looks for."""
    _finds.append(find)


def with_something_under_way(member_ids: Collection[int]) -> set[Any]:
    """Return which of these have such a row: one query for each kind of row.

    What is under way is begun under the lock of the member's row; hold it.
    """
    found: set[Any] = set()
    for find in _finds:
        found.update(find(member_ids).order_by().values_list("member", flat=True))
    return found
