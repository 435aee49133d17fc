"""The second factor."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp as oath_code
from django_otp.plugins.otp_totp.models import TOTPDevice

from config.lib.errors import RuleError
from organizations.choices import AuditAction
from organizations.models import AuditEvent
from organizations.services import totp
from tests.conftest import login
from tests.factories.organizations import PASSWORD

SETUP = reverse("totp-setup")
VERIFY = reverse("totp-verify")
PAGE = reverse("password-change")


def code(key: str) -> str:
    return f"{oath_code(bytes.fromhex(key)):06d}"


@pytest.fixture
def clock(db):
    """Noon, standing still, so that a code lasts as long as the test wants."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def key(branch_secretary, clock):
    """A second factor in force, whose present code is used up."""
    key = totp.new_key()
    totp.enable_totp(user=branch_secretary, key=key, token=code(key))
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
    client.post(SETUP, {"token": code(client.session["totp_pending"])})
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
    assert not TOTPDevice.objects.exists()


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
    key = totp.new_key()
    totp.enable_totp(user=branch_secretary, key=key, token=code(key))
    assert other.get(PAGE)["Location"].startswith(VERIFY)


def test_a_code_works_once(client, key):
    enter(client)
    client.post(VERIFY, {"token": code(key)})
    client.logout()
    enter(client)
    response = client.post(VERIFY, {"token": code(key)})
    assert response.status_code == 422
    assert client.get(PAGE)["Location"].startswith(VERIFY)


def test_wrong_codes_must_wait(client, key, clock):
    enter(client)
    for _ in range(3):
        client.post(VERIFY, {"token": "000000"})
    response = client.post(VERIFY, {"token": code(key)})
    assert "输错次数过多" in response.content.decode()
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
    assert not TOTPDevice.objects.exists()


def test_a_role_may_require_it(client, branch_secretary, settings):
    settings.TOTP_REQUIRED_ROLES = ["branch_secretary"]
    login(client, branch_secretary)
    assert client.get(reverse("totp-disable"))["Location"].startswith(SETUP)


def test_a_required_one_cannot_be_turned_off(client, key, settings):
    settings.TOTP_REQUIRED_ROLES = ["branch_secretary"]
    enter(client)
    client.post(VERIFY, {"token": code(key)})
    client.post(reverse("totp-disable"), {"password": PASSWORD})
    assert TOTPDevice.objects.exists()
