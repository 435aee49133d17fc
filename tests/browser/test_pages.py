"""Every page of every role, and of nobody: Chinese, within its width, axe content."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import faults, faults_of_walk, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


# Drawn quite differently for who sees one branch and who sees many.
BY_ROLE = {"/", "/activities/completion/", "/activities/record/"}


@pytest.fixture(scope="module")
def looks() -> set[str]:
    """Pages that axe has seen already, whoever opened them."""
    return set()


# Walked apart, so that a loop of links in one shows itself as too many pages.
ONE_BY_ONE = ("/organizations/parameters/", "/reports/todo/")
PARTS = {
    "members": lambda url: url.startswith("/members/"),
    "parameters": lambda url: url.startswith(ONE_BY_ONE[0]),
    "todo": lambda url: url.startswith(ONE_BY_ONE[1]),
    "rest": lambda url: not url.startswith(("/members/", "/admin/", *ONE_BY_ONE)),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("user", ["branch", "street", "community", "unit", "auditor"])
def test_pages_of_a_role(open_page, portal, looks, user, part):
    page = open_page(user)
    looks -= BY_ROLE
    found = faults_of_walk(
        page,
        "/",
        set(portal.passwords),
        looks,
        lambda url: url == "/" or PARTS[part](url),
    )
    assert not found, told(found)


def test_pages_of_nobody(open_page, portal):
    page = open_page()
    page.watch.allowed = {404, 422, 429}
    names = set(portal.passwords)
    found = {}
    page.goto("/account/login/")
    found["login"] = faults(page, names)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found["login refused"] = faults(page, names)
    page.goto("/liaison/u/done/")
    found["unit done"] = faults(page, names)
    page.goto("/liaison/u/nonsense/")
    found["unit gone"] = faults(page, names)
    wrong = {kind: each for kind, each in found.items() if each}
    assert not wrong, told(wrong)
