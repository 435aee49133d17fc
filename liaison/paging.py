"""Pages by number: cards and packets have one, unique and no personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

PAGE_SIZE = 50
# Counting further costs more than the page.
COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    previous_url: str
    next_url: str


def page_by_number(
    queryset: QuerySet, params: QueryDict, *, size: int = PAGE_SIZE
) -> Page:
    """One page of `queryset` by `number`, from `after` or before `before`."""
    before, after = params.get("before", ""), params.get("after", "")
    is_backward = bool(before)
    if is_backward:
        rows = queryset.filter(number__lt=before).order_by("-number")
    elif after:
        rows = queryset.filter(number__gt=after).order_by("number")
    else:
        rows = queryset.order_by("number")
    found = list(rows[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    if is_backward:
        found.reverse()
    has_previous = has_more if is_backward else bool(after)
    has_next = True if is_backward else has_more
    return Page(
        found,
        _url(params, "before", found[0].number) if found and has_previous else "",
        _url(params, "after", found[-1].number) if found and has_next else "",
    )


def capped_count(queryset: QuerySet) -> str:
    total = queryset.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    return str(total) if total <= COUNT_LIMIT else f"{COUNT_LIMIT}以上"


def _url(params: QueryDict, word: str, number: str) -> str:
    kept = params.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    kept[word] = number
    return f"?{kept.urlencode()}"
