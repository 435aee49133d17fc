"""Pages by key: the last page costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict

PAGE_SIZE = 50
# Counting further costs more than the page.
COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    previous_url: str
    next_url: str


def page_by_key(
    queryset: QuerySet, params: QueryDict, key: str, *, descending: bool = False
) -> Page:
    """One page of `queryset` by `key` and then pk.

    `after` and `before` in `params` are the pks of boundary rows: the key itself, a
    name say, never stands in an address.
    """
    word = "before" if params.get("before") else "after"
    boundary = _boundary(queryset, params.get(word, ""), key)
    is_backward = boundary is not None and word == "before"
    goes_down = descending != is_backward
    rows = queryset
    if boundary is not None:
        step = "lt" if goes_down else "gt"
        value, pk = boundary
        # The first condition is the index range, the second drops equal keys.
        rows = rows.filter(**{f"{key}__{step}e": value}).filter(
            Q(**{f"{key}__{step}": value}) | Q(**{f"pk__{step}": pk})
        )
    sign = "-" if goes_down else ""
    found = list(rows.order_by(f"{sign}{key}", f"{sign}pk")[: PAGE_SIZE + 1])
    has_more = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if is_backward:
        found.reverse()
    has_previous = has_more if is_backward else boundary is not None
    has_next = boundary is not None if is_backward else has_more
    return Page(
        found,
        _url(params, "before", found[0].pk) if found and has_previous else "",
        _url(params, "after", found[-1].pk) if found and has_next else "",
    )


def capped_count(queryset: QuerySet) -> str:
    total = queryset.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    return str(total) if total <= COUNT_LIMIT else f"{COUNT_LIMIT}以上"


def _boundary(queryset: QuerySet, text: str, key: str) -> tuple[Any, int] | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        return None
    return queryset.filter(pk=text).order_by().values_list(key, "pk").first()


def _url(params: QueryDict, word: str, pk: int) -> str:
    kept = params.copy()
    for name in ("after", "before", "page"):
        kept.pop(name, None)
    kept[word] = str(pk)
    return f"?{kept.urlencode()}"
