"""The shell in Debian's Chromium, under the portal's real CSP."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from config.lib import nav

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("empty_nav")]

WIDTHS = [(1366, 768), (390, 844)]
PATHS = ["/", "/?bad=1", "/confirm/", "/door/login/?bad=1", "/error/404/"]


@pytest.fixture
def open_page(chromium, shell_url):
    """Return a function that opens a path; it collects errors and CSP reports."""
    nav.register("", "工作台", "home", "home", order=1, phone=True)
    nav.register("活动", "活动日历", "calendar", "calendar", order=2, phone=True)
    problems: list[str] = []

    def open_path(path: str, width: int = 1366, height: int = 768):
        context = chromium.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda m: problems.append(m.text) if "Content Security" in m.text else None,
        )
        page.goto(shell_url + path)
        page.wait_for_load_state("networkidle")
        return page

    open_path.problems = problems
    return open_path


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_pages_have_no_axe_violation_no_csp_report_and_no_overflow(
    open_page, width, height
):
    for path in PATHS:
        page = open_page(path, width, height)
        violations = Axe().run(page).response["violations"]
        assert not violations, [(path, v["id"], v["nodes"]) for v in violations]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert not open_page.problems


def test_charts_are_drawn_and_their_tables_fold_away(open_page):
    page = open_page("/")
    page.wait_for_selector(".chart__canvas svg")
    assert page.locator(".chart__canvas svg").count() == 2
    assert not page.locator(".chart__table table").first.is_visible()


def test_htmx_is_configured_for_the_strict_policy(open_page):
    page = open_page("/")
    config = page.evaluate("htmx.config")
    assert config["allowEval"] is False
    assert config["includeIndicatorStyles"] is False
    assert config["historyCacheSize"] == 0
    assert config["selfRequestsOnly"] is True
    assert {"code": "422", "swap": True} in config["responseHandling"]


def test_nothing_stays_in_the_browsers_storage(open_page):
    page = open_page("/?q=chen")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_checklist_searches_by_initials_and_ticks_what_it_shows(open_page):
    page = open_page("/", 390, 844)
    page.locator("[data-checklist-search]").fill("ly")
    assert page.locator("[data-checklist-item]:visible").count() == 1
    page.locator("[data-checklist-all]").check()
    assert page.locator("[data-checklist-count]").inner_text() == "已选 2 / 4"


def test_unsent_draft_is_not_left_without_a_question(open_page):
    page = open_page("/")
    page.locator("form[data-draft] [name=title]").fill("主题党日")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(page.url.split("?")[0] + "calendar/")
    assert asked == ["beforeunload"]


def test_phone_reaches_every_entry_through_the_bottom_bar(open_page):
    page = open_page("/", 390, 844)
    assert not page.locator(".sidenav").is_visible()
    page.locator(".bottombar summary").click()
    entry = page.locator(".bottombar .nav-item", has_text="活动日历")
    assert entry.is_visible()
    assert entry.bounding_box()["height"] >= 44


def test_big_type_makes_the_page_18_pixels(open_page):
    page = open_page("/")
    page.get_by_role("button", name="大字").click()
    page.wait_for_load_state()
    size = page.evaluate("getComputedStyle(document.documentElement).fontSize")
    assert size == "18px"


def test_page_without_javascript_shows_menus_tables_and_no_dead_buttons(
    chromium, shell_url
):
    context = chromium.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = context.new_page()
    page.goto(shell_url)
    assert page.locator(".chart__table table").first.is_visible()
    assert not page.locator("[data-print]").is_visible()
    page.locator(".topbar summary").click()
    assert page.locator(".topbar").get_by_text("退出").is_visible()
