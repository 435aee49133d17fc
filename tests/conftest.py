"""The cast, over one small tree.

street 江滨街道 (000001)
├── community_a 沿江社区 (000001000001)
│   ├── branch_a1, branch_a2
└── community_b 临湖社区 (000001000002)
    └── branch_b1
other_street 江滨北街道 (000002): the first path behind the street's subtree.

Each person is a fixture that may be asked for alone. `expired` was secretary of
branch_a1 until yesterday; `outsider` holds no post.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone
from playwright.sync_api import Browser, expect, sync_playwright

from config.lib.choices import forget_choices
from organizations.choices import OrganizationField, OrganizationKind, Role
from organizations.models import Organization, User
from tests.browser.watch import CHROMIUM_ARGS, PATIENCE
from tests.factories.organizations import (
    CommunityFactory,
    OrganizationFactory,
    PostFactory,
    UserFactory,
    WorkUnitFactory,
)

# Files that take longest, by far: begun last, they would keep one process busy
# while the others have nothing left to do.
LONGEST = [
    "tests/browser/test_pages.py",
    "tests/access/test_lists.py",
    "tests/reports/test_facts_courses.py",
    "tests/test_query_budgets.py",
    "tests/browser/test_pages_admin.py",
    "tests/browser/test_pages_forms.py",
    "tests/browser/test_month_desk.py",
    "tests/browser/test_month_phone.py",
    "tests/reports/test_facts.py",
    "tests/reports/test_facts_volunteers.py",
    "tests/reports/test_facts_reporting.py",
    "tests/ops/test_portal.py",
    "tests/members/test_development_states.py",
    "tests/members/test_mobile_states.py",
]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hand out the longest files first, then those of most tests.

    Only among several processes, which take whole files in this order.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return
    files = [item.nodeid.partition("::")[0] for item in items]
    rank = {file: place - len(LONGEST) for place, file in enumerate(LONGEST)}
    tests = Counter(files)
    # A file keeps its tests together, and their order.
    order = sorted(set(files), key=lambda file: (rank.get(file, 0), -tests[file], file))
    place = {file: number for number, file in enumerate(order)}
    items.sort(key=lambda item: place[item.nodeid.partition("::")[0]])


def login(client: Client, user: User) -> Client:
    """Log `user` in without a password and return the client."""
    # A test may have travelled in time since the account was made.
    User.objects.filter(pk=user.pk).update(password_changed_at=timezone.now())
    user.refresh_from_db()
    client.force_login(user)
    return client


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's; one a process, since Playwright does not start a second beside it."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM_ARGS
        )
        yield browser
        browser.close()


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """Return a function that gives a fresh client logged in as a user."""
    return lambda user: login(Client(), user)


# The tree ---------------------------------------------------------------------


@pytest.fixture
def street(db) -> Organization:
    return OrganizationFactory(
        name="中共江滨街道工作委员会",
        short_name="江滨街道党工委",
        kind=OrganizationKind.WORK_COMMITTEE,
        field=OrganizationField.STREET_OFFICE,
        path="000001",
    )


@pytest.fixture
def community_a(street) -> Organization:
    return _community(street, "沿江", "000001000001")


@pytest.fixture
def community_b(street) -> Organization:
    return _community(street, "临湖", "000001000002")


@pytest.fixture
def branch_a1(community_a) -> Organization:
    return _branch(community_a, "沿江社区第一", "000001000001000001")


@pytest.fixture
def branch_a2(community_a) -> Organization:
    return _branch(community_a, "沿江社区第二", "000001000001000002")


@pytest.fixture
def branch_b1(community_b) -> Organization:
    return _branch(community_b, "临湖社区第一", "000001000002000001")


@pytest.fixture
def other_street(db) -> Organization:
    return OrganizationFactory(
        name="中共江滨北街道工作委员会",
        short_name="江滨北街道党工委",
        kind=OrganizationKind.WORK_COMMITTEE,
        field=OrganizationField.STREET_OFFICE,
        path="000002",
    )


@pytest.fixture
def work_unit(db):
    return WorkUnitFactory(name="江滨中学")


def _community(street: Organization, name: str, path: str) -> Organization:
    organization = OrganizationFactory(
        name=f"中共江滨街道{name}社区委员会",
        short_name=f"{name}社区党委",
        kind=OrganizationKind.COMMITTEE,
        parent=street,
        path=path,
    )
    CommunityFactory(name=f"{name}社区", organization=organization)
    return organization


def _branch(community: Organization, name: str, path: str) -> Organization:
    return OrganizationFactory(
        name=f"中共江滨街道{name}支部委员会",
        short_name=f"{name}党支部",
        parent=community,
        path=path,
    )


# The people -------------------------------------------------------------------


def _holder(username: str, name: str, role: str, **place) -> User:
    user = UserFactory(username=username, display_name=name)
    PostFactory(user=user, role=role, **place)
    return user


@pytest.fixture
def sysadmin(street) -> User:
    return _holder("sysadmin", "管大力", Role.SYSTEM_ADMINISTRATOR, organization=street)


@pytest.fixture
def auditor(street) -> User:
    return _holder("auditor", "沈计明", Role.AUDITOR, organization=street)


@pytest.fixture
def committee_staff(street) -> User:
    return _holder("staff", "江一鸣", Role.COMMITTEE_STAFF, organization=street)


@pytest.fixture
def community_secretary(community_a) -> User:
    role = Role.COMMUNITY_SECRETARY
    return _holder("secretary-a", "安社生", role, organization=community_a)


@pytest.fixture
def branch_secretary(branch_a1) -> User:
    return _holder("branch-a1", "支一平", Role.BRANCH_SECRETARY, organization=branch_a1)


@pytest.fixture
def secretary_b(branch_b1) -> User:
    return _holder("branch-b1", "毕书文", Role.BRANCH_SECRETARY, organization=branch_b1)


@pytest.fixture
def unit_contact(work_unit) -> User:
    return _holder("contact", "连络云", Role.UNIT_CONTACT, work_unit=work_unit)


@pytest.fixture
def hardship_officer(street) -> User:
    return _holder("officer", "匡扶危", Role.HARDSHIP_OFFICER, organization=street)


@pytest.fixture
def outsider(db) -> User:
    return UserFactory(username="outsider", display_name="外来客")


@pytest.fixture
def expired(branch_a1) -> User:
    user = UserFactory(username="expired", display_name="前任书")
    PostFactory(
        user=user,
        organization=branch_a1,
        starts_on=date(2020, 1, 1),
        ends_on=timezone.localdate() - timedelta(days=1),
    )
    return user


@pytest.fixture(autouse=True)
def _fresh_choices() -> None:
    """Dropdowns are kept for as long as the process lives; a test lives shorter."""
    forget_choices()


# The database ------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _flush_lifts_audit_triggers() -> None:
    """Let the flush after a transactional test empty the audit trail too.

    The triggers refuse everybody; only this suite takes them off for a moment, so
    that no back door needs to exist in the portal.
    """
    triggers = import_module("organizations.migrations.0002_audit_append_only")
    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(self) -> None:
        with connection.schema_editor() as editor:
            triggers.remove(editor)
        try:
            flush(self)
        finally:
            with connection.schema_editor() as editor:
                triggers.install(editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_triggers)
        yield
