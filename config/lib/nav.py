"""The registry behind the side navigation, the bottom bar and the user menu.

Apps call `register` when they are loaded (from `AppConfig.ready`). An entry whose URL
name does not resolve is skipped, so that an app can announce a page before it exists.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.functional import SimpleLazyObject

USER_MENU = "user"
"""Section whose entries stand in the menu under the user's name."""

PHONE_SLOTS = 4
"""Entries of the bottom bar beside 更多; a fifth would fall below 44 px of text."""


@dataclass(frozen=True)
class NavEntry:
    section: str
    label: str
    url_name: str
    icon: str
    right: str | None = None
    order: int = 0
    phone: bool = False


@dataclass(frozen=True)
class NavItem:
    """One link as the templates draw it."""

    label: str
    url: str
    icon: str
    is_current: bool = False


@dataclass(frozen=True)
class NavSection:
    label: str
    items: list[NavItem]


@dataclass(frozen=True)
class Navigation:
    sections: list[NavSection] = field(default_factory=list)
    phone_items: list[NavItem] = field(default_factory=list)
    user_items: list[NavItem] = field(default_factory=list)


_entries: dict[tuple[str, str], NavEntry] = {}


def register(
    section: str,
    label: str,
    url_name: str,
    icon: str,
    right: str | None = None,
    order: int = 0,
    phone: bool = False,
) -> None:
    """Announce a page; registering the same section and URL name again replaces it.

    Sections stand in the order of their lowest `order`. `right` is asked of
    `User.has_right`; `phone` puts the entry in the bottom bar while there is room.
    """
    entry = NavEntry(section, label, url_name, icon, right, order, phone)
    _entries[(section, url_name)] = entry


def registered() -> list[NavEntry]:
    """Return every entry in the order in which it is drawn."""
    first: dict[str, int] = {}
    for entry in _entries.values():
        first[entry.section] = min(entry.order, first.get(entry.section, entry.order))
    return sorted(
        _entries.values(),
        key=lambda entry: (first[entry.section], entry.section, entry.order),
    )


def build(user: Any, path: str) -> Navigation:
    """Return the navigation that `user` may see, with the entry of `path` marked."""
    root = settings.ROOT_URLCONF
    urls = [
        (entry, url)
        for entry in _allowed(user)
        if (url := _url(entry.url_name, root, get_script_prefix()))
    ]
    current = _current_url([url for _, url in urls], path)
    sections: dict[str, list[NavItem]] = {}
    phone_items: list[NavItem] = []
    for entry, url in urls:
        item = NavItem(entry.label, url, entry.icon, url == current)
        sections.setdefault(entry.section, []).append(item)
        if entry.phone and len(phone_items) < PHONE_SLOTS:
            phone_items.append(item)
    user_items = sections.pop(USER_MENU, [])
    return Navigation(
        [NavSection(label, items) for label, items in sections.items()],
        phone_items,
        user_items,
    )


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `nav` (built when first used) and `portal_name`."""
    user = getattr(request, "user", None)
    return {
        "nav": SimpleLazyObject(lambda: build(user, request.path)),
        "portal_name": settings.PORTAL_NAME,
    }


def _allowed(user: Any) -> list[NavEntry]:
    if user is None or not user.is_authenticated:
        return []
    answers: dict[str, bool] = {}

    def may(right: str | None) -> bool:
        if right is None:
            return True
        if right not in answers:
            answers[right] = user.has_right(right)
        return answers[right]

    return [entry for entry in registered() if may(entry.right)]


@lru_cache(maxsize=512)
def _url(url_name: str, root: str, prefix: str) -> str:
    """The address of a page, "" before it exists; kept, as every page asks for all.

    `root` and `prefix` say which addresses are meant.
    """
    try:
        return reverse(url_name, urlconf=root)
    except NoReverseMatch:
        return ""


def _current_url(urls: list[str], path: str) -> str:
    """Return the longest of `urls` that `path` lies under; `/` matches only itself."""
    under = [
        url for url in urls if path == url or (url != "/" and path.startswith(url))
    ]
    return max(under, key=len, default="")
