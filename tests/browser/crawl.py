"""Walk the pages a user reaches by links: one page of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, urljoin, urlsplit

from playwright.sync_api import Page

# Of one app. A page more is a new kind of page, or a loop: both are to be seen.
MOST_PAGES = 220

# Not pages: files, and what ends the session.
_NOT_PAGES = re.compile(r"^/(static|account/logout|admin/logout|admin/jsi18n)|/file/$")
_LINKS = """() => [...document.querySelectorAll("a[href]")]
  .filter((a) => !a.hasAttribute("download"))
  .map((a) => new URL(a.getAttribute("href"), document.baseURI).href)"""


def kind_of(url: str) -> str:
    """Return the address with its numbers and values left out."""
    parts = urlsplit(url)
    path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<uuid>", parts.path)
    path = re.sub(r"/\d{4}-\d{2}/", "/<month>/", path)
    path = re.sub(r"\d+", "<n>", path)
    names = {name for name, _ in parse_qsl(parts.query, True)}
    # A search shows the same page with other rows, but for its further fields.
    return path + ("?more" if "more" in names else "?" if names else "")


def look_of(kind: str) -> str:
    """Return one name for kinds of pages that are drawn alike."""
    look = re.sub(r"/(parameters|todo)/[\w.]+/", r"/\1/<key>/", kind)
    return look.removesuffix("?")


def walk(
    page: Page,
    starts: Iterable[str],
    visit: Callable[[str], None],
    is_wanted: Callable[[str], bool] = lambda url: True,
) -> list[str]:
    """Open one page of each kind, call `visit` on it; return their kinds.

    `is_wanted` is asked of the address without its host.
    """
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    waiting = [urljoin(page.url, start) for start in starts]
    seen: dict[str, str] = {}
    while waiting:
        url = waiting.pop(0).partition("#")[0]
        kind = kind_of(url)
        path = urlsplit(url).path
        if kind in seen or not url.startswith(origin + "/"):
            continue
        if _NOT_PAGES.search(path) or not is_wanted(url.removeprefix(origin)):
            continue
        seen[kind] = url
        alike = [each for each in seen if _app_of(each) == _app_of(kind)]
        assert len(alike) <= MOST_PAGES, sorted(alike)
        if _is_page(page, url):
            visit(kind)
            waiting += page.evaluate(_LINKS)
    return list(seen)


def _app_of(kind: str) -> str:
    return kind.split("/")[1]


def _is_page(page: Page, url: str) -> bool:
    """Open `url`; False for a file, which is only asked for."""
    if re.search(r"/(download|export)/$", urlsplit(url).path):
        answer = page.request.get(url)
        assert answer.status < 400, f"{answer.status}: {url}"
        return False
    page.goto(url)
    return True
