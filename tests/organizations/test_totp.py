"""The second factor."""

import re
from base64 import b32encode
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp as oath_code

from config.lib.errors import RuleError
from organizations.choices import AuditAction
from organizations.management.commands.rotate_keys import encrypted_models
from organizations.models import AuditEvent, TotpDevice
from organizations.services import totp
from tests.conftest import login
from tests.factories.organizations import PASSWORD

SETUP = reverse("totp-setup")
VERIFY = reverse("totp-verify")
PAGE = reverse("password-change")


def code(key: str) -> str:
    return f"{oath_code(bytes.fromhex(key)):06d}"


def turn_on(user) -> str:
    """Turn the second factor on with the present code; return its key."""
    pending = totp.new_pending_key()
    key = totp.pending_device(user, pending).key
    totp.enable_totp(user=user, pending=pending, token=code(key))
    return key


@pytest.fixture
def clock(db):
    """Noon, standing still, so that a code lasts as long as the test wants."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def key(branch_secretary, clock):
    """A second factor in force, whose present code is used up."""
    key = turn_on(branch_secretary)
    clock.shift(timedelta(seconds=30))
    return key


def enter(client):
    return client.post(
        reverse("login"), {"username": "branch-a1", "password": PASSWORD}
    )


def test_the_page_shows_a_code_to_scan_and_to_type(client, branch_secretary):
    login(client, branch_secretary)
    page = client.get(SETUP).content.decode()
    assert "data:image/svg+xml" in page
    assert "开启两步验证" in page


def test_the_right_code_turns_it_on_and_is_recorded(client, branch_secretary):
    login(client, branch_secretary)
    client.get(SETUP)
    pending = totp.pending_device(branch_secretary, client.session["totp_pending"])
    client.post(SETUP, {"token": code(pending.key)})
    branch_secretary.refresh_from_db()
    assert branch_secretary.totp_on
    assert client.get(PAGE).status_code == 200
    assert "totp_pending" not in client.session
    assert AuditEvent.objects.filter(action=AuditAction.TOTP_ENABLED).count() == 1


def test_a_wrong_code_turns_nothing_on(client, branch_secretary):
    login(client, branch_secretary)
    client.get(SETUP)
    response = client.post(SETUP, {"token": "000000"})
    assert response.status_code == 422
    assert not TotpDevice.objects.exists()


def test_the_password_alone_opens_nothing(client, key):
    enter(client)
    for name in ("password-change", "totp-disable", "totp-setup"):
        assert client.get(reverse(name))["Location"].startswith(VERIFY)


def test_the_code_opens_the_page_asked_for(client, key):
    enter(client)
    response = client.post(VERIFY, {"token": code(key), "next": PAGE})
    assert response["Location"] == PAGE
    assert client.get(PAGE).status_code == 200


def test_turning_it_on_binds_the_other_sessions(client, client_for, branch_secretary):
    other = client_for(branch_secretary)
    assert other.get(PAGE).status_code == 200
    turn_on(branch_secretary)
    assert other.get(PAGE)["Location"].startswith(VERIFY)


@pytest.mark.parametrize(
    ("seconds", "status"), [(-60, 422), (-30, 302), (30, 302), (60, 422)]
)
def test_a_phone_may_be_one_step_off_and_no_more(client, key, clock, seconds, status):
    clock.shift(timedelta(minutes=5))  # so that no step was used before
    enter(client)
    shown = oath_code(bytes.fromhex(key), t0=-seconds)
    response = client.post(VERIFY, {"token": f"{shown:06d}"})
    assert response.status_code == status


def test_a_phone_that_runs_fast_does_not_move_the_window(client, key, clock):
    """Each code one step early: taken, yet two steps early never is."""
    clock.shift(timedelta(minutes=5))
    for _ in range(3):
        enter(client)
        early = f"{oath_code(bytes.fromhex(key), t0=-30):06d}"
        assert client.post(VERIFY, {"token": early}).status_code == 302
        client.logout()
        clock.shift(timedelta(minutes=1))
    enter(client)
    early = f"{oath_code(bytes.fromhex(key), t0=-60):06d}"
    assert client.post(VERIFY, {"token": early}).status_code == 422


def test_a_code_works_once(client, key):
    enter(client)
    client.post(VERIFY, {"token": code(key)})
    client.logout()
    enter(client)
    response = client.post(VERIFY, {"token": code(key)})
    assert response.status_code == 422
    assert client.get(PAGE)["Location"].startswith(VERIFY)


def test_the_code_before_a_used_one_is_dead_too(client, key, clock):
    enter(client)
    before = code(key)
    clock.shift(timedelta(seconds=30))
    client.post(VERIFY, {"token": code(key)})
    client.logout()
    enter(client)
    assert client.post(VERIFY, {"token": before}).status_code == 422


def test_wrong_codes_must_wait(client, key, clock):
    enter(client)
    for _ in range(3):
        client.post(VERIFY, {"token": "000000"})
    response = client.post(VERIFY, {"token": code(key)})
    assert re.search(r"请等\d+秒再输入", response.content.decode())
    clock.shift(timedelta(minutes=1))
    assert client.post(VERIFY, {"token": code(key)}).status_code == 302


def test_an_administrator_can_take_off_a_lost_phone(client, key, sysadmin):
    enter(client)
    user = totp.User.objects.get(username="branch-a1")
    totp.reset_totp(user_id=user.pk, actor=sysadmin)
    client.get(VERIFY)
    assert client.get(PAGE).status_code == 200


def test_nobody_takes_off_their_own_by_the_administrators_way(sysadmin):
    with pytest.raises(RuleError, match="自己的账号"):
        totp.reset_totp(user_id=sysadmin.pk, actor=sysadmin)


def test_turning_it_off_wants_the_password(client, key):
    enter(client)
    client.post(VERIFY, {"token": code(key)})
    address = reverse("totp-disable")
    assert client.post(address, {"password": "wrong"}).status_code == 422
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    assert not TotpDevice.objects.exists()


def test_a_role_may_require_it(client, branch_secretary, settings):
    settings.TOTP_REQUIRED_ROLES = ["branch_secretary"]
    login(client, branch_secretary)
    assert client.get(reverse("totp-disable"))["Location"].startswith(SETUP)


def test_a_required_one_cannot_be_turned_off(client, key, settings):
    settings.TOTP_REQUIRED_ROLES = ["branch_secretary"]
    enter(client)
    client.post(VERIFY, {"token": code(key)})
    client.post(reverse("totp-disable"), {"password": PASSWORD})
    assert TotpDevice.objects.exists()


# At rest --------------------------------------------------------------------------


def test_the_key_reaches_the_database_only_encrypted(client, key, branch_secretary):
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM organizations_totpdevice")
        (stored,) = cursor.fetchone()
    assert stored.startswith("k1.")
    assert key not in stored
    assert TotpDevice.objects.get().key == key


def test_a_key_not_yet_confirmed_lies_encrypted_in_the_session(
    client, branch_secretary
):
    login(client, branch_secretary)
    page = client.get(SETUP).content.decode()
    pending = client.session["totp_pending"]
    key = totp.pending_device(branch_secretary, pending).key
    assert key not in str(dict(client.session))
    assert b32encode(bytes.fromhex(key)).decode()[:4] in page


def test_the_key_takes_part_in_the_rotation():
    assert "organizations.TotpDevice" in {
        model._meta.label for model, _ in encrypted_models()
    }


def test_the_api_waits_for_the_second_step_too(client, key):
    enter(client)
    address = reverse("api:member-list")
    assert client.get(address).status_code == 403
    client.post(VERIFY, {"token": code(key)})
    assert client.get(address).status_code == 200
