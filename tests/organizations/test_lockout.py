"""The lockout counts exactly, whatever comes at once, and tells nothing of accounts."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from organizations import lockout
from organizations.choices import AuditAction
from organizations.models import AuditEvent, User
from organizations.services import accounts
from organizations.system import SYSTEM
from tests.factories.organizations import PASSWORD

LOGIN = "/account/login/"
LIMIT = 5


def send(username="branch-a1", password="wrong", **extra):
    data = {"username": username, "password": password}
    return Client().post(LOGIN, data, **extra)


@pytest.fixture
def hashed(monkeypatch):
    """Grows by one for each password hashed, which takes its time as in an office."""
    seen = []
    encode = MD5PasswordHasher.encode

    def counting(self, password, salt):
        seen.append(password)
        time.sleep(0.05)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    return seen


def at_once(count: int, threads: int, act) -> list:
    """Results of `count` calls, started together and `threads` at a time."""
    barrier = threading.Barrier(threads)

    def run(number: int):
        try:
            if number < threads:
                barrier.wait()
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(count)))


# The count --------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_200_wrong_passwords_at_once_five_are_hashed(branch_secretary, hashed):
    def attempt(number: int) -> bool:
        # Each from another browser: they count together.
        request = RequestFactory().post(LOGIN, HTTP_USER_AGENT=f"browser {number}")
        user = authenticate(request, username="branch-a1", password="wrong")
        return user is None and request.axes_locked_out

    locked = at_once(200, 50, attempt)

    assert len(hashed) == LIMIT
    assert locked.count(True) > 200 - LIMIT
    told = [AuditAction.LOGIN_FAILED, AuditAction.LOCKED_OUT]
    assert AuditEvent.objects.filter(action__in=told).count() == 200
    # The right password is refused here now, and the owner gets in elsewhere.
    assert send(password=PASSWORD).status_code == 429
    assert send(password=PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_the_right_password_on_the_fifth_try_counts_again_from_nothing(
    branch_secretary,
):
    for _ in range(2):
        for _ in range(LIMIT - 1):
            assert send().status_code == 422
        assert send(password=PASSWORD).status_code == 302


def test_tries_during_the_lock_do_not_prolong_it(branch_secretary):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(LIMIT):
            send()
        for _ in range(2):
            clock.shift(timedelta(minutes=7))
            assert send(password=PASSWORD).status_code == 429
        clock.shift(timedelta(minutes=1, seconds=1))
        assert send(password=PASSWORD).status_code == 302


# Many names from one address --------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(lockout, "ADDRESS_LIMIT", 8)


def test_one_password_for_many_names_is_stopped_by_the_address(branch_secretary, few):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        statuses = [send(f"name-{number}").status_code for number in range(10)]
        assert statuses == [422] * 8 + [429] * 2
        assert send(password=PASSWORD).status_code == 429
        assert send(password=PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302
        clock.shift(timedelta(minutes=16))
        assert send(password=PASSWORD).status_code == 302


def test_logins_that_succeed_do_not_count_for_the_address(branch_secretary, few):
    assert [send(password=PASSWORD).status_code for _ in range(12)] == [302] * 12


# What it keeps and tells --------------------------------------------------------------


def test_what_was_typed_is_not_kept(branch_secretary):
    """A password typed into the field of the name must not lie in a table."""
    send("MyPassword-typed-here", "and-again")
    kept = str(list(AccessAttempt.objects.values()))
    assert "127.0.0.1" in kept
    assert "typed" not in kept.lower()
    assert "again" not in kept


@pytest.fixture
def everyone(branch_secretary):
    """One account as it should be, and one that is off."""
    accounts.create_account(username="disabled", display_name="停用", actor=SYSTEM)
    User.objects.filter(username="disabled").update(
        is_active=False, password=branch_secretary.password
    )


def _page(response, username: str) -> str:
    """What the visitor reads, without the name he typed himself."""
    text = response.content.decode().replace(username, "NAME")
    return "".join(line for line in text.splitlines() if "csrf" not in line.lower())


def test_every_refusal_is_the_same_page(everyone):
    tried = [("branch-a1", "wrong"), ("nobody", "wrong"), ("disabled", PASSWORD)]
    pages = {_page(send(name, password), name) for name, password in tried}
    assert len(pages) == 1


def test_every_refusal_hashes_one_password(everyone, hashed):
    for name, password in [
        ("branch-a1", "wrong"),
        ("nobody", "wrong"),
        ("disabled", PASSWORD),
        ("disabled", "wrong"),
    ]:
        hashed.clear()
        send(name, password)
        assert hashed == [password], name


def test_a_locked_name_reads_the_same_whether_there_is_an_account(everyone, hashed):
    pages = set()
    for name in ("branch-a1", "nobody", "disabled"):
        for _ in range(LIMIT):
            send(name, "wrong")
        hashed.clear()
        response = send(name, PASSWORD)
        assert response.status_code == 429
        assert hashed == []
        pages.add(_page(response, name))
    assert len(pages) == 1
