"""Other ways through the pages: without JavaScript, by keyboard, late and twice."""

from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, expect

from activities.models import Activity
from organizations.middleware import SEEN_KEY
from tests.browser.portal import committed

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def held(title: str) -> int:
    return Activity.objects.filter(title=title).count()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_an_activity_is_recorded_without_javascript(open_page, width):
    title = f"无脚本清扫（{width[0]}）"
    page = open_page("branch", width, java_script_enabled=False)
    page.goto("/activities/record/")
    page.get_by_text("全部到会（不必逐个勾选）").click()
    page.get_by_role("textbox", name="主题").fill(title)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text(f"已保存：{title}，到会")).to_be_visible()
    assert held(title) == 1


def test_a_lost_network_loses_nothing_of_a_record_on_a_phone(open_page):
    """By the numbers of the paper sheet, sent when the network is back."""
    title = "断网清扫"
    page = open_page("branch", "phone")
    page.goto("/activities/record/")
    page.get_by_label("照签到表序号").fill("1-3 5")
    page.get_by_role("textbox", name="主题").fill(title)
    page.context.set_offline(True)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("没有连上平台")).to_be_visible()
    assert held(title) == 0
    page.context.set_offline(False)
    expect(page.get_by_text(f"已保存：{title}，到会 4 人")).to_be_visible()
    assert held(title) == 1
    # Asking in vain while there was no network is what the page is for.
    asked = [problem for problem in page.watch.problems if "/healthz" in problem]
    assert asked
    page.watch.problems = [p for p in page.watch.problems if p not in asked]


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus; it must be seen to have it."""
    for _ in range(most):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """(selector) => {
              const focused = document.activeElement;
              if (!focused.matches(selector)) return null;
              // A chip shows the focus of the box hidden in it.
              return [focused, focused.nextElementSibling, focused.closest("label")]
                .filter(Boolean)
                .some((each) => {
                  const style = getComputedStyle(each);
                  const hasRing = style.outlineStyle !== "none"
                    && parseFloat(style.outlineWidth) > 0;
                  return hasRing || style.boxShadow !== "none";
                });
            }""",
            selector,
        )
        if seen is not None:
            assert seen, f"the focus of {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def test_login_and_recording_go_by_keyboard_alone(open_page, portal):
    page = open_page()
    page.goto("/account/login/?next=/activities/record/")
    tab_to(page, "[name=username]")
    page.keyboard.type("branch")
    tab_to(page, "[name=password]")
    page.keyboard.type(portal.passwords["branch"])
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="记一次活动").wait_for()
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=title]")
    page.keyboard.press("Control+A")
    page.keyboard.type("键盘记录")
    tab_to(page, "[data-checklist-all]")
    page.keyboard.press("Space")
    tab_to(page, "button[type=submit].btn-primary", 200)
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存：键盘记录，到会")).to_be_visible()


def test_an_idle_session_is_told_why_it_ended(open_page):
    page = open_page("branch")
    cookies = page.context.cookies()
    key = next(each["value"] for each in cookies if each["name"] == "sessionid")

    def leave_idle() -> None:
        session = SessionStore(key)
        session[SEEN_KEY] -= 31 * 60
        session.save()

    committed(leave_idle)
    page.goto("/members/")
    assert urlsplit(page.url).path == "/account/login/"
    expect(page.get_by_text("您已超过 30 分钟没有操作")).to_be_visible()


def test_saving_twice_makes_one_activity(open_page):
    page = open_page("branch", "phone")
    page.goto("/activities/record/")
    page.get_by_text("全部到会", exact=True).click()
    page.get_by_role("textbox", name="主题").fill("只记一次")
    page.get_by_role("button", name="保存").dblclick()
    expect(page.get_by_text("已保存：只记一次")).to_be_visible()
    assert held("只记一次") == 1
