"""A running portal with the demo street, and pages that tell what goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page

from tests.browser.portal import (
    Portal,
    copied_database,
    running_portal,
    written_demo,
)
from tests.browser.watch import log_in, new_page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    is_real = connection.vendor == "postgresql" and os.environ.get("REDIS_URL")
    skip = pytest.mark.skip(reason="needs PostgreSQL and Redis")
    for item in items:
        if not is_real and item.path.parent.name == "browser":
            item.add_marker(skip)


@pytest.fixture(scope="session")
def demo(django_db_setup, django_db_blocker) -> Iterator[tuple[str, dict[str, str]]]:
    """A database with the demo street, to be copied; and the passwords."""
    own = connection.settings_dict["NAME"]
    with django_db_blocker.unblock(), copied_database(own, f"{own}_demo") as name:
        passwords = written_demo()
        connection.settings_dict["NAME"] = own
        yield name, passwords


@pytest.fixture(scope="module")
def portal(demo, django_db_blocker, tmp_path_factory) -> Iterator[Portal]:
    """A portal on a database of its own; the module's tests may read it too."""
    template, passwords = demo
    folder = tmp_path_factory.mktemp("portal")
    with (
        django_db_blocker.unblock(),
        copied_database(template, f"{template}_run"),
        running_portal(passwords, folder) as running,
    ):
        yield running


@pytest.fixture
def open_page(chromium, portal) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page, logged in where a user is named.

    Whatever went wrong on any of the pages fails the test at its end.
    """
    pages: list[Page] = []

    def call(user: str = "", width: str = "desk", **options: Any) -> Page:
        page = new_page(chromium, portal.url, width, **options)
        pages.append(page)
        if user:
            log_in(page, user, portal.passwords[user])
        return page

    yield call
    problems = [problem for page in pages for problem in page.watch.problems]
    for page in pages:
        page.context.close()
    assert not problems, "\n".join(problems)
