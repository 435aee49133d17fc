"""Signing in by the code on a screen: short-lived, silent, once."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from activities.models import Activity, SignIn, SignInSession
from activities.rules import sign_in as rules
from activities.services.sign_in import open_session, sign_in, signed_ids, ticket_for
from config.lib.errors import RuleError
from organizations.models import AuditEvent, Organization
from tests.factories.members import MemberFactory

NOW = datetime(2026, 11, 29, 1, 0, tzinfo=UTC)


@pytest.fixture
def person(branch_a1):
    return MemberFactory(branch=branch_a1, name="签到人")


@pytest.fixture
def session(branch_a1, branch_secretary):
    return open_session(
        organization_id=branch_a1.pk, title="党课", actor=branch_secretary, now=NOW
    )


@pytest.fixture(autouse=True)
def no_calls_counted():
    cache.clear()


def ticket(session, moment=NOW):
    return ticket_for(session.slug, rules.code_at(session.secret, moment), moment)


def test_a_code_is_good_for_its_half_minute_and_the_next(session):
    code = rules.code_at(session.secret, NOW)
    for seconds in (0, 29, 59):
        assert rules.is_current(session.secret, code, NOW + timedelta(seconds=seconds))
    assert not rules.is_current(session.secret, code, NOW + timedelta(seconds=60))
    assert not rules.is_current(session.secret, "0000000000", NOW)
    assert code != rules.code_at(session.secret, NOW + timedelta(seconds=30))
    with pytest.raises(RuleError, match="重新扫"):
        ticket_for(session.slug, code, NOW + timedelta(seconds=61))


@time_machine.travel(NOW, tick=False)
def test_who_fits_is_taken_down_once(session, person, branch_secretary):
    for name in ("签到人", " 签到 人 "):
        sign_in(
            ticket=ticket(session),
            name=name,
            last_four=person.id_last4.lower(),
            now=NOW,
        )
    assert signed_ids(session, branch_secretary) == [person.pk]
    assert AuditEvent.objects.filter(action="signed_in").count() == 1


@time_machine.travel(NOW, tick=False)
def test_who_does_not_fit_is_not_and_nobody_is_told(session, person, branch_b1):
    stranger = MemberFactory(branch=branch_b1, name="外来人")
    wrong = "0000" if person.id_last4 != "0000" else "0001"
    for name, last in ((person.name, wrong), (stranger.name, stranger.id_last4)):
        sign_in(ticket=ticket(session), name=name, last_four=last, now=NOW)
    assert not SignIn.objects.exists()
    with pytest.raises(RuleError, match="最后四位"):
        sign_in(ticket=ticket(session), name="某", last_four="12a4", now=NOW)


def test_a_ticket_grows_old_and_a_session_ends(session, person):
    with time_machine.travel(NOW, tick=False):
        held = ticket(session)
    late = NOW + timedelta(seconds=rules.TICKET_SECONDS + 1)
    with time_machine.travel(late, tick=False), pytest.raises(RuleError, match="重新"):
        sign_in(ticket=held, name="签到人", last_four=person.id_last4, now=late)
    after = session.closes_at + timedelta(seconds=1)
    with pytest.raises(RuleError, match="结束"):
        ticket(session, after)


def test_one_session_runs_at_a_time(session, branch_a1, branch_secretary, secretary_b):
    again = open_session(
        organization_id=branch_a1.pk, title="", actor=branch_secretary, now=NOW
    )
    assert again == session
    with pytest.raises(Organization.DoesNotExist):
        open_session(organization_id=branch_a1.pk, title="", actor=secretary_b, now=NOW)


def answers(client, url, **data):
    """Status and text of the page that a visitor is shown, whoever he is."""
    form = client.get(url)
    page = client.post(url, data | {"ticket": form.context["form"]["ticket"].value()})
    body = re.sub("[A-Za-z0-9]{64}", "", page.content.decode())
    return page.status_code, body


def test_from_the_screen_to_the_record(
    client, client_for, person, branch_a1, branch_secretary
):
    other = MemberFactory(branch=branch_a1, name="没来的人")
    mine = client_for(branch_secretary)
    begun = mine.post(
        reverse("activities:sign-in-open", args=[branch_a1.pk]), {"title": "专题党课"}
    )
    session = SignInSession.objects.get()
    screen = mine.get(begun.url).content.decode()
    assert "data:image/svg+xml" in screen
    code = rules.code_at(session.secret, timezone.now())
    url = reverse("activities:sign-in", args=[session.slug, code])
    known = answers(client, url, name=person.name, last_four=person.id_last4)
    unknown = answers(client, url, name="查无此人", last_four="1234")
    assert known[0] == unknown[0] == 200
    assert "已收到" in known[1]
    assert person.name not in known[1]
    assert known == unknown
    fragment = mine.get(begun.url, HTTP_HX_REQUEST="true").content.decode()
    assert person.name in fragment
    record = reverse("activities:record")
    form = mine.get(record, {"branch": branch_a1.pk, "session": session.pk})
    ticked = form.context["form"]["present"].value()
    assert ticked == [person.pk]
    assert form.context["form"]["title"].value() == "专题党课"
    data = {
        "branch": branch_a1.pk,
        "session": session.pk,
        "kind": "lecture",
        "title": "专题党课",
        "starts_at": form.context["form"]["starts_at"].value(),
        "hours": "2",
        "place": "活动室",
        "present": ticked,
    }
    assert mine.post(record, data).status_code == 302
    session.refresh_from_db()
    assert session.activity == Activity.objects.get()
    assert "签到已结束" in mine.get(begun.url).content.decode()
    assert client.get(url).status_code == 404
    assert other.participations.get().presence == "absent"


def test_an_old_code_and_a_wrong_ticket_say_to_scan_again(client, session):
    old = reverse("activities:sign-in", args=[session.slug, "0123456789"])
    gone = client.get(old)
    assert gone.status_code == 404
    assert "重新扫" in gone.content.decode()
    wrong = client.post(old, {"name": "某", "last_four": "1234", "ticket": "x"})
    assert wrong.status_code == 404


def test_too_many_calls_wait(client, session, monkeypatch):
    monkeypatch.setattr("activities.views.sign_in.CALLS_A_MINUTE", 1)
    url = reverse("activities:sign-in", args=[session.slug, "0123456789"])
    assert client.get(url).status_code == 404
    assert client.get(url).status_code == 429


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time on SQLite"
)
@pytest.mark.django_db(transaction=True)
def test_twenty_scans_at_once_are_one_sign_in(branch_a1, branch_secretary):
    person = MemberFactory(branch=branch_a1, name="签到人")
    now = timezone.now()
    session = open_session(
        organization_id=branch_a1.pk, title="", actor=branch_secretary, now=now
    )
    held, failures = ticket(session, now), []

    def scan():
        try:
            sign_in(ticket=held, name="签到人", last_four=person.id_last4, now=now)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=scan) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert SignIn.objects.count() == 1
