"""Pages by key: the last page costs what the first does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict

PAGE_SIZE = 50
# Counting further costs more than the page; nobody pages through ten thousand.
COUNT_LIMIT = 10_000


@dataclass(frozen=True)
class Page:
    """Rows in the order shown; an address is "" where there is no such page."""

    rows: list[Any]
    previous_url: str
    next_url: str
    last_url: str


def page_by_key(
    queryset: QuerySet,
    params: QueryDict,
    key: str = "pk",
    *,
    descending: bool = False,
    size: int = PAGE_SIZE,
    shown: QuerySet | None = None,
) -> Page:
    """One page of `queryset` (of models or of `values` with pk) by `key`, then pk.

    `params` are the query's: after or before, the pk of a boundary row (never the key
    itself, which would put a name into an address), or last. A boundary that is not
    in the queryset means the first page.

    `shown` is where the rows are fetched from once their pks are found. A search reads
    far more rows than it shows; asked for keys alone it can do so in an index.
    """
    boundary = _boundary(queryset, params, key)
    is_backward = "last" in params or (boundary is not None and "before" in params)
    goes_down = descending != is_backward
    rows = _beyond(queryset, boundary, key, "lt" if goes_down else "gt")
    sign = "-" if goes_down else ""
    order = (f"{sign}{key}", f"{sign}pk")
    rows = rows.order_by(*order)[: size + 1]
    if shown is not None:
        rows = shown.filter(pk__in=rows.values("pk")).order_by(*order)
    found = list(rows)
    has_more = len(found) > size
    found = found[:size]
    if is_backward:
        found.reverse()
    has_previous = has_more if is_backward else boundary is not None
    has_next = boundary is not None if is_backward else has_more
    return Page(
        rows=found,
        previous_url=_url(params, "before", found[0]) if found and has_previous else "",
        next_url=_url(params, "after", found[-1]) if found and has_next else "",
        last_url=_url(params, "last") if found and has_next else "",
    )


def total_of(
    page: Page, queryset: QuerySet, key: str = "pk", limit: int | None = None
) -> str:
    """Return how many rows there are, counted only where `page` does not tell.

    A page that shows all tells, and one that shows `limit` rows and leads on.
    """
    if page.rows and not (page.previous_url or page.next_url):
        return str(len(page.rows))
    if limit is not None and page.next_url and len(page.rows) >= limit:
        return _more_than(limit)
    return capped_count(queryset, key, limit)


def capped_count(queryset: QuerySet, key: str = "pk", limit: int | None = None) -> str:
    """Return how many rows there are, as the pager says it.

    `key` is what makes two rows different, where that is not their pk; beyond `limit`
    (COUNT_LIMIT) the pager says only that there are more.
    """
    limit = COUNT_LIMIT if limit is None else limit
    total = queryset.order_by().values(key)[: limit + 1].count()
    return str(total) if total <= limit else _more_than(limit)


def _more_than(limit: int) -> str:
    return f"{limit}以上"


def _boundary(
    queryset: QuerySet, params: QueryDict, key: str
) -> tuple[Any, Any] | None:
    text = params.get("after") or params.get("before") or ""
    try:
        pk = queryset.model._meta.pk.to_python(text)
    except ValidationError:
        return None
    return queryset.filter(pk=pk).order_by().values_list(key, "pk").first()


def _beyond(
    queryset: QuerySet, boundary: tuple[Any, Any] | None, key: str, step: str
) -> QuerySet:
    if boundary is None:
        return queryset
    value, pk = boundary
    # The first condition is the index range, the second drops equal keys.
    return queryset.filter(**{f"{key}__{step}e": value}).filter(
        Q(**{f"{key}__{step}": value}) | Q(**{f"pk__{step}": pk})
    )


def _url(params: QueryDict, word: str, row: Any = None) -> str:
    kept = params.copy()
    for name in ("after", "before", "last", "page"):
        kept.pop(name, None)
    pk = row["pk"] if isinstance(row, dict) else getattr(row, "pk", 1)
    kept[word] = str(pk)
    return f"?{kept.urlencode()}"


def group_tabs(
    address: str, groups: Iterable[tuple[str, str]], current: str
) -> list[dict[str, Any]]:
    """Tabs of a list by `?group=` (see _tabs.html); the key "" is the list itself.

    `groups` are (key, label) in order.
    """
    return [
        {
            "label": label,
            "url": f"{address}?group={key}" if key else address,
            "is_current": key == current,
        }
        for key, label in groups
    ]
