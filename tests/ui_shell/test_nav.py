from types import SimpleNamespace

import pytest

from config.lib import nav

pytestmark = [
    pytest.mark.urls("tests.ui_shell.urls"),
    pytest.mark.usefixtures("empty_nav"),
]


def user(*rights: str) -> SimpleNamespace:
    return SimpleNamespace(is_authenticated=True, has_right=rights.__contains__)


def labels(navigation: nav.Navigation) -> list[str]:
    return [item.label for section in navigation.sections for item in section.items]


def test_entry_whose_address_does_not_exist_is_skipped():
    nav.register("党员", "名册", "nowhere:list", "users")
    nav.register("党员", "工作台", "home", "home")
    assert labels(nav.build(user(), "/")) == ["工作台"]


def test_entry_needs_its_right():
    nav.register("报表", "报表", "calendar", "chart-bar", right="reports.view")
    assert labels(nav.build(user(), "/")) == []
    assert labels(nav.build(user("reports.view"), "/")) == ["报表"]


def test_nobody_sees_entries_before_login():
    nav.register("党员", "工作台", "home", "home")
    anonymous = SimpleNamespace(is_authenticated=False)
    assert labels(nav.build(anonymous, "/")) == []


def test_longest_address_is_the_current_one():
    nav.register("党员", "工作台", "home", "home")
    nav.register("党员", "日历", "calendar", "calendar")
    built = nav.build(user(), "/calendar/2026/")
    current = [item.label for item in built.sections[0].items if item.is_current]
    assert current == ["日历"]


def test_sections_stand_in_the_order_of_their_first_entry():
    nav.register("报表", "报表", "calendar", "chart-bar", order=50)
    nav.register("党员", "工作台", "home", "home", order=10)
    assert [s.label for s in nav.build(user(), "/").sections] == ["党员", "报表"]


def test_bottom_bar_has_four_entries_at_most():
    names = ["home", "calendar", "confirm", "login", "logout"]
    for order, name in enumerate(names):
        nav.register("党员", name, name, "home", order=order, phone=True)
    assert [item.label for item in nav.build(user(), "/").phone_items] == names[:4]


def test_user_menu_stands_apart():
    nav.register(nav.USER_MENU, "我的任务", "calendar", "list-details")
    built = nav.build(user(), "/")
    assert [item.label for item in built.user_items] == ["我的任务"]
    assert built.sections == []


def test_each_right_is_asked_once():
    asked = []

    def has_right(right: str) -> bool:
        asked.append(right)
        return True

    nav.register("甲", "工作台", "home", "home", right="x")
    nav.register("甲", "日历", "calendar", "calendar", right="x")
    nav.build(SimpleNamespace(is_authenticated=True, has_right=has_right), "/")
    assert asked == ["x"]
