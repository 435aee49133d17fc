"""A browser context that tells of everything that goes wrong in it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
# Milliseconds: other tests, and other people, share the machine.
PATIENCE = 60_000
CHROMIUM_ARGS = [
    "--no-sandbox",
    # Chromium's own calls home; a page's are told by the watch.
    "--disable-background-networking",
    "--disable-component-update",
    # No other host is found, by name or by number.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # Each page starts cold: code that is compiled at once runs sooner.
    "--js-flags=--always-sparkplug",
]
WIDTHS = {"desk": DESK, "phone": PHONE}


class Watch:
    """Collects errors in the console, refusals of the CSP and failed requests.

    A status of 400 and above fails the test unless it is in `allowed`: a refused
    form answers 422.
    """

    def __init__(self, base: str, context: BrowserContext) -> None:
        self.base = base
        self.problems: list[str] = []
        self.allowed: set[int] = set()
        # Not stopped by a route: it would take each style sheet through Python, and
        # the browser's cache from all pages. CHROMIUM_ARGS keep it at home.
        context.on("request", self._stay_home)
        context.on("console", self._console)
        context.on("weberror", lambda e: self.problems.append(f"script: {e.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _stay_home(self, request: Any) -> None:
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.problems.append(f"another host: {request.url}")

    def _console(self, message: Any) -> None:
        # Statuses are told by the response, with the right to allow some.
        is_status = message.text.startswith("Failed to load resource")
        is_csp = "Content Security" in message.text
        if is_csp or (message.type == "error" and not is_status):
            self.problems.append(f"console: {message.text} ({message.page.url})")

    def _failed(self, request: Any) -> None:
        # A download, or a page left while it still asked.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Any) -> None:
        if response.status >= 400 and response.status not in self.allowed:
            method = response.request.method
            self.problems.append(f"{response.status}: {method} {response.url}")


def new_page(browser: Browser, base: str, width: str, **options: Any) -> Page:
    """Open a page in a fresh context; `page.watch` holds what goes wrong."""
    context = browser.new_context(
        base_url=base,
        viewport=WIDTHS[width],
        has_touch=width == "phone",
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        **options,
    )
    context.set_default_timeout(PATIENCE)
    watch = Watch(base, context)
    page = context.new_page()
    page.watch = watch
    return page


def log_in(page: Page, username: str, password: str) -> None:
    page.goto("/account/login/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.get_by_role("button", name="登录").click()
    page.locator(".topbar__user").wait_for()
