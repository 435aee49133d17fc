"""Every page of committee staff: Chinese, within its width, and axe content."""

import pytest

from tests.browser.pages import faults_of_walk, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def is_portal(url: str) -> bool:
    return not url.startswith("/admin/")


def test_pages_of_committee_staff(open_page, portal):
    page = open_page("street")
    found = faults_of_walk(page, "/", set(portal.passwords), set(), is_portal)
    assert not found, told(found)
