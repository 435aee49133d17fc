"""Every address of the portal, as the resolver knows it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

# The admin's two patterns without a name: an old address of a change page, and
# whatever else lies below /admin/.
OLD_CHANGE, CATCH_ALL = "old-change", "catch-all"


def url_names() -> set[str]:
    """Names with their namespaces; a pattern without a name goes by its route."""
    return set(_walk(get_resolver(), (), ""))


def _walk(resolver: URLResolver, spaces: tuple[str, ...], before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield ":".join((*spaces, pattern.name or _nameless(spaces, route)))
        else:
            inner = (pattern.namespace,) if pattern.namespace else ()
            yield from _walk(pattern, (*spaces, *inner), route)


def _nameless(spaces: tuple[str, ...], route: str) -> str:
    if spaces == ("admin",):
        return CATCH_ALL if "url" in route else OLD_CHANGE
    return route
