"""Every page of the browser admin, as committee staff and as system administrator."""

import pytest

from tests.browser.pages import faults_of_walk, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture(scope="module")
def looks() -> set[str]:
    """Pages that axe has seen already, whoever opened them."""
    return set()


@pytest.mark.parametrize("user", ["admin", "street"])
def test_pages_of_the_admin(open_page, portal, looks, user):
    page = open_page(user)
    # Django links what a row points to, whether the user may open it or not.
    page.watch.allowed = {403}
    found = faults_of_walk(
        page,
        "/admin/",
        set(portal.passwords),
        looks,
        # Its many filters and orders are Django's own.
        lambda url: url.startswith("/admin/") and "?" not in url,
    )
    assert not found, told(found)
