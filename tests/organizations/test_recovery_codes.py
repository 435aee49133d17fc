"""Ten codes on paper, for a phone that is lost."""

import re
import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from organizations.choices import AuditAction, AuditResult
from organizations.models import AuditEvent, RecoveryCode, User
from organizations.services import recovery, totp
from tests.conftest import login
from tests.factories.organizations import PASSWORD
from tests.organizations.test_totp import PAGE, SETUP, VERIFY, code, enter

MANAGE = reverse("totp-recovery")
_CODE = re.compile(r"<li><code>([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})</code></li>")


def shown(response) -> list[str]:
    return _CODE.findall(response.content.decode())


@pytest.fixture
def clock(db):
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def codes(branch_secretary, clock):
    """The recovery codes of a second factor in force."""
    pending = totp.new_pending_key()
    key = totp.pending_device(branch_secretary, pending).key
    return totp.enable_totp(user=branch_secretary, pending=pending, token=code(key))[1]


def test_ten_codes_are_shown_once_when_it_is_turned_on(client, branch_secretary):
    login(client, branch_secretary)
    client.get(SETUP)
    pending = client.session["totp_pending"]
    key = totp.pending_device(branch_secretary, pending).key

    response = client.post(SETUP, {"token": code(key)})

    codes = shown(response)
    assert len(set(codes)) == 10
    assert "data-print" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    page = client.get(SETUP, follow=True).content.decode()
    assert "还有 10 个恢复码可用" in page
    assert not any(each in page or each in str(dict(client.session)) for each in codes)


def test_only_hashes_are_stored(codes):
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM organizations_recoverycode")
        stored = "".join(row[0] for row in cursor.fetchall())
    assert len(stored) == 430
    assert not any(each in stored or each.replace("-", "") in stored for each in codes)


def test_the_same_code_of_two_accounts_hashes_apart(branch_secretary, secretary_b):
    one, other = (recovery._digest(u, "AAAA") for u in (branch_secretary, secretary_b))
    assert one != other


@pytest.mark.parametrize("spell", [str, str.lower, lambda c: c.replace("-", " ")])
def test_a_code_opens_the_second_step_however_it_is_typed(client, codes, spell):
    enter(client)
    response = client.post(VERIFY, {"recovery_code": spell(codes[3]), "next": PAGE})
    assert response["Location"] == PAGE
    assert "还剩 9 个" in client.get(PAGE).content.decode()


def test_a_code_works_once_and_both_tries_are_recorded(client, codes):
    enter(client)
    client.post(VERIFY, {"recovery_code": codes[0]})
    client.logout()
    enter(client)
    response = client.post(VERIFY, {"recovery_code": codes[0]})
    assert response.status_code == 422
    assert "已经用过" in response.content.decode()
    assert client.get(PAGE)["Location"].startswith(VERIFY)
    events = AuditEvent.objects
    assert events.get(action=AuditAction.RECOVERY_CODE_USED).details == {"count": 9}
    failed = events.get(action=AuditAction.LOGIN_FAILED, result=AuditResult.FAILED)
    assert failed.details == {"step": "recovery"}


def test_no_code_is_written_to_the_audit_trail(client, codes):
    enter(client)
    client.post(VERIFY, {"recovery_code": codes[0]})
    text = str(list(AuditEvent.objects.values()))
    assert not any(each in text or each.replace("-", "") in text for each in codes)


def test_anothers_code_opens_nothing(client, client_for, codes, secretary_b):
    pending = totp.new_pending_key()
    key = totp.pending_device(secretary_b, pending).key
    totp.enable_totp(user=secretary_b, pending=pending, token=code(key))
    other = client_for(secretary_b)
    assert other.post(VERIFY, {"recovery_code": codes[0]}).status_code == 422
    assert RecoveryCode.objects.filter(used_at=None).count() == 20


def test_wrong_codes_of_both_kinds_wait_together(client, codes, clock):
    enter(client)
    client.post(VERIFY, {"token": "000000"})
    clock.shift(timedelta(seconds=1))
    client.post(VERIFY, {"recovery_code": "AAAA-AAAA-AAAA"})
    response = client.post(VERIFY, {"recovery_code": codes[0]})
    assert re.search(r"请等\d+秒再输入", response.content.decode())
    clock.shift(timedelta(minutes=1))
    assert client.post(VERIFY, {"recovery_code": codes[0]}).status_code == 302


def test_new_codes_want_the_password_and_void_the_old(client, codes):
    enter(client)
    client.post(VERIFY, {"recovery_code": codes[0]})
    assert client.post(MANAGE, {"password": "wrong"}).status_code == 422
    fresh = shown(client.post(MANAGE, {"password": PASSWORD}))
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    client.logout()
    enter(client)
    assert client.post(VERIFY, {"recovery_code": codes[1]}).status_code == 422
    issued = AuditEvent.objects.filter(action=AuditAction.RECOVERY_CODES_ISSUED)
    assert issued.count() == 2


def test_new_codes_cannot_be_made_before_the_second_step(client, codes):
    enter(client)
    response = client.post(MANAGE, {"password": PASSWORD})
    assert response["Location"].startswith(VERIFY)
    assert RecoveryCode.objects.filter(used_at=None).count() == 10


def test_without_a_phone_there_are_no_codes(client, branch_secretary):
    with pytest.raises(RuleError, match="没有开启"):
        recovery.renew_codes(user=branch_secretary)
    login(client, branch_secretary)
    assert client.get(MANAGE)["Location"] == SETUP


@pytest.mark.parametrize("way", ["own", "administrator"])
def test_the_codes_end_with_the_second_factor(codes, branch_secretary, sysadmin, way):
    if way == "own":
        totp.disable_totp(user=branch_secretary)
    else:
        totp.reset_totp(user_id=branch_secretary.pk, actor=sysadmin)
    assert not RecoveryCode.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_with_one_code_one_passes(branch_secretary):
    pending = totp.new_pending_key()
    key = totp.pending_device(branch_secretary, pending).key
    _, codes = totp.enable_totp(user=branch_secretary, pending=pending, token=code(key))
    passed, barrier = [], threading.Barrier(8)

    def attempt() -> None:
        try:
            user = User.objects.get(pk=branch_secretary.pk)
            barrier.wait()
            passed.append(recovery.use_code(user, codes[0]))
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [False] * 7 + [True]
