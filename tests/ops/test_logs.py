"""No person lies in a log of the portal or the database, or in an address."""

import io
import logging
import logging.config
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import IntegrityError, connection
from django.urls import reverse

from members.models import Member
from members.views import members as member_views
from scripts import services
from tests.conftest import login
from tests.factories.members import AffiliationFactory, MemberFactory

COMPOSE = Path(settings.BASE_DIR) / "deploy" / "compose.yaml"
PASSWORD = "Typed-By-Mistake-91"
NAME = "雀秘之"


@pytest.fixture
def person(branch_a1):
    member = MemberFactory(
        name=NAME, phone="13900159001", address="滨江路7531弄9号", note="雀秘备注"
    )
    AffiliationFactory(member=member, organization=branch_a1)
    return member


@pytest.fixture
def secrets(person):
    return [NAME, "雀秘备注", PASSWORD, person.id_number, person.phone, "7531弄"]


@pytest.fixture
def log():
    """What the console of the portal would show, from INFO on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    made = dict(settings.LOGGING["formatters"]["plain"])
    factory = logging.config.DictConfigurator({}).resolve(made.pop("()"))
    handler.setFormatter(factory(made["format"]))
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def database_log() -> str:
    """The whole log of the suite's own PostgreSQL."""
    given = settings.DATABASES["default"]
    host = given.get("HOST") or given.get("OPTIONS", {}).get("host", "")
    path = Path(host) / "pg.log"
    if connection.vendor != "postgresql" or not path.exists():
        pytest.skip("only the suite's own PostgreSQL has its log at hand")
    return path.read_text(errors="replace")


def refused(request, *args, **kwargs):
    """A fault that the database refuses, with the whole row in its words."""
    person = Member.objects.get(name=NAME)
    person.sex = None
    person.save()


@pytest.mark.django_db(transaction=True)
def test_a_day_of_work_leaves_no_person_in_a_log_or_an_address(
    client, committee_staff, person, secrets, log, monkeypatch
):
    client.raise_request_exception = False
    client.post(reverse("login"), {"username": PASSWORD, "password": PASSWORD})
    login(client, committee_staff)
    answers = [
        client.post(reverse("members:find"), {"id_number": person.id_number}),
        client.get(reverse("members:list"), {"q": person.id_number}),
        client.get(reverse("members:list"), {"q": NAME}),
        client.post(
            reverse("members:reveal", args=[person.pk, "phone"]),
            {"reason": "核对联系方式"},
        ),
        client.post(
            reverse("members:edit", args=[person.pk]),
            {"name": NAME, "phone": "1390015900x", "note": "雀秘备注"},
        ),
        client.get("/members/99999/", {"q": NAME}),
        client.get(reverse("api:member-list"), {"search": NAME}),
    ]
    assert {answer.status_code for answer in answers} <= {200, 302, 404, 422}
    monkeypatch.setattr(member_views, "member_page", refused)
    assert client.get(reverse("members:list")).status_code == 500

    addresses = " ".join(answer.headers.get("Location", "") for answer in answers)
    told = log.getvalue()
    assert "Internal Server Error: /members/" in told
    assert "IntegrityError" in told
    for text in (told, addresses):
        assert [secret for secret in secrets if secret in text] == []


@pytest.mark.django_db(transaction=True)
def test_the_database_logs_the_fault_without_the_row(person, secrets):
    with pytest.raises(IntegrityError) as caught:
        refused(None)
    assert connection.vendor != "postgresql" or NAME in str(caught.value)
    told = database_log()
    assert "violates not-null constraint" in told
    assert "STATEMENT" not in told
    assert "DETAIL" not in told
    assert [secret for secret in secrets if secret in told] == []


def test_the_office_runs_its_database_with_the_same_silence():
    command = yaml.safe_load(COMPOSE.read_text())["services"]["db"]["command"]
    assert {f"-c{option}" for option in services.UNLOGGED} <= set(command)
    readme = (Path(settings.BASE_DIR) / "README.md").read_text()
    assert all(option in readme for option in services.UNLOGGED)
