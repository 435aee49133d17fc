"""Login, lockout, timeouts and the account's own steps, over HTTP."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from organizations.choices import AuditAction, AuditResult
from organizations.models import AuditEvent, User
from organizations.services import accounts
from organizations.system import SYSTEM
from tests.conftest import login
from tests.factories.organizations import PASSWORD

LOGIN = "/account/login/"
PAGE = "/account/password/"  # any page behind the login
NEW_PASSWORD = "Lin-qiao-shan-72"


def send(client, username="branch-a1", password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": username, "password": password}, **extra)


def events(action):
    return AuditEvent.objects.filter(action=action)


# Login --------------------------------------------------------------------------


def test_the_right_password_logs_in_and_is_recorded(client, branch_secretary):
    response = send(client)
    assert response.status_code == 302
    event = events(AuditAction.LOGIN).get()
    assert (event.actor, event.address) == (branch_secretary, "127.0.0.1")


@pytest.mark.parametrize(
    ("username", "password"),
    [("branch-a1", "wrong"), ("nobody", "wrong"), ("disabled", PASSWORD)],
)
def test_every_refusal_reads_the_same(client, branch_secretary, username, password):
    accounts.create_account(username="disabled", display_name="停用", actor=SYSTEM)
    User.objects.filter(username="disabled").update(
        is_active=False, password=branch_secretary.password
    )
    response = send(client, username, password)
    assert response.status_code == 422
    assert "用户名或密码不正确" in response.content.decode()
    assert events(AuditAction.LOGIN_FAILED).get().result == AuditResult.FAILED


def test_a_mistyped_name_is_not_written_down(client, db):
    send(client, "MyPassword-typed-here", "x")
    event = events(AuditAction.LOGIN_FAILED).get()
    assert "MyPassword" not in f"{event.target_label}{event.details}"


def test_the_page_after_login_stays_on_this_host(client, branch_secretary):
    data = {"username": "branch-a1", "password": PASSWORD}
    response = client.post(LOGIN, data | {"next": "https://evil.example/"})
    assert "evil" not in response["Location"]


# Lockout ------------------------------------------------------------------------


def lock(client, username="branch-a1"):
    return [send(client, username, "wrong") for _ in range(5)][-1]


def test_five_failures_lock_the_account_for_this_address(client, branch_secretary):
    assert lock(client).status_code == 429
    response = send(client)
    assert response.status_code == 429
    assert "15 分钟" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_locked_account_is_refused_before_hashing(
    client, branch_secretary, monkeypatch
):
    lock(client)
    monkeypatch.setattr(
        "django.contrib.auth.backends.ModelBackend.authenticate",
        lambda *args, **kwargs: pytest.fail("hashed a password"),
    )
    assert send(client).status_code == 429


def test_an_unknown_name_is_locked_just_the_same(client, db):
    assert lock(client, "nobody").status_code == 429


def test_the_owner_can_log_in_from_another_address(client, branch_secretary):
    lock(client)
    assert send(Client(), REMOTE_ADDR="10.0.0.9").status_code == 302


def test_the_lock_ends_after_fifteen_minutes(client, branch_secretary):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        lock(client)
        clock.shift(timedelta(minutes=14))
        assert send(client).status_code == 429
        clock.shift(timedelta(minutes=2))
        assert send(client).status_code == 302


def test_a_lockout_is_recorded(client, branch_secretary):
    lock(client)
    event = events(AuditAction.LOCKED_OUT).get()
    assert (event.result, event.target_id) == (
        AuditResult.DENIED,
        str(branch_secretary.pk),
    )


# Logout -------------------------------------------------------------------------


def test_logout_wants_a_post(client, branch_secretary):
    login(client, branch_secretary)
    assert client.get("/account/logout/").status_code == 405


def test_logout_ends_the_session_and_clears_the_browser(client, branch_secretary):
    login(client, branch_secretary)
    response = client.post("/account/logout/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get(PAGE).status_code == 302
    assert events(AuditAction.LOGOUT).get().actor == branch_secretary


# Timeouts -----------------------------------------------------------------------


def test_half_an_hour_without_use_ends_the_session(client, branch_secretary):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        login(client, branch_secretary)
        clock.shift(timedelta(minutes=29))
        assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=31))
        response = client.get(PAGE, follow=True)
    assert "超过 30 分钟没有操作" in response.content.decode()
    assert response.redirect_chain[0][0] == f"{LOGIN}?next=%2Faccount%2Fpassword%2F"


def test_twelve_hours_end_even_a_busy_session(client, branch_secretary):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        login(client, branch_secretary)
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert client.get(PAGE).status_code == 200
        clock.shift(timedelta(minutes=20))
        response = client.get(PAGE, follow=True)
    assert "登录已满 12 小时" in response.content.decode()


def test_htmx_is_sent_to_the_login_page_as_a_whole(client, branch_secretary):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        login(client, branch_secretary)
        clock.shift(timedelta(minutes=31))
        response = client.get(PAGE, headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == LOGIN


def test_htmx_without_a_session_is_sent_to_the_login_page_as_a_whole(client, db):
    response = client.get(PAGE, headers={"HX-Request": "true"})
    assert response["HX-Redirect"].startswith(LOGIN)


def test_a_disabled_account_is_out_at_once(client, branch_secretary, sysadmin):
    login(client, branch_secretary)
    accounts.set_active(user_id=branch_secretary.pk, is_active=False, actor=sysadmin)
    assert client.get(PAGE)["Location"].startswith(LOGIN)


def test_a_reset_password_ends_the_sessions(client, branch_secretary, sysadmin):
    login(client, branch_secretary)
    accounts.reset_password(user_id=branch_secretary.pk, actor=sysadmin)
    assert client.get(PAGE)["Location"].startswith(LOGIN)


# First and expired passwords ------------------------------------------------------


@pytest.fixture
def newcomer(db):
    return accounts.create_account(
        username="newcomer", display_name="新来的", actor=SYSTEM
    )


def test_a_newcomer_must_choose_a_password_first(client, newcomer):
    user, password = newcomer
    send(client, "newcomer", password)
    response = client.get("/preferences/nowhere/")
    assert response.status_code == 404
    response = client.get(reverse("totp-setup"))
    assert response["Location"].startswith("/account/password/")
    data = {
        "old_password": password,
        "new_password1": NEW_PASSWORD,
        "new_password2": NEW_PASSWORD,
    }
    assert client.post("/account/password/", data).status_code == 302
    assert client.get(reverse("totp-setup")).status_code == 200
    user.refresh_from_db()
    assert not user.must_change_password
    assert events(AuditAction.PASSWORD_CHANGED).get().actor == user


def test_an_initial_password_is_void_after_a_week(client, newcomer):
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        response = send(client, "newcomer", newcomer[1])
    assert "已经失效" in response.content.decode()


def test_an_expired_password_must_be_changed(client, branch_secretary):
    with time_machine.travel(timezone.now() + timedelta(days=90, minutes=1)):
        send(client)
        response = client.get(reverse("totp-setup"), follow=True)
    assert response.redirect_chain[0][0].startswith("/account/password/")
    assert "满 90 天" in response.content.decode()


def test_a_weak_choice_is_refused_with_the_reason(client, branch_secretary):
    login(client, branch_secretary)
    data = {
        "old_password": PASSWORD,
        "new_password1": "Password2026!",
        "new_password2": "Password2026!",
    }
    response = client.post("/account/password/", data)
    assert response.status_code == 422
    assert "密码太常见" in response.content.decode()


# Headers and refusals --------------------------------------------------------------


@pytest.mark.parametrize("path", [LOGIN, "/healthz", "/nowhere/", PAGE])
def test_no_answer_may_be_stored(client, db, path):
    assert client.get(path)["Cache-Control"] == "no-store"


def test_health_is_told_to_anybody(client, db):
    assert client.get("/healthz").json() == {
        "status": "ok",
        "database": True,
        "queue": "ok",
    }


def test_a_refusal_is_recorded_with_its_path(client, branch_secretary):
    login(client, branch_secretary)
    assert client.get("/admin/login/").status_code == 403
    event = events(AuditAction.DENIED).get()
    assert event.details == {"method": "GET", "path": "/admin/login/"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("sysadmin", 200), ("committee_staff", 200), ("community_secretary", 302)],
)
def test_posts_open_the_admin(client, request, who, status):
    login(client, request.getfixturevalue(who))
    assert client.get("/admin/").status_code == status


def test_a_superuser_without_a_post_stays_outside(client, outsider):
    User.objects.filter(pk=outsider.pk).update(is_superuser=True, is_staff=True)
    login(client, outsider)
    assert client.get("/admin/", follow=True).status_code == 403


def test_the_login_of_the_admin_is_the_portals(client, db):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(LOGIN)
