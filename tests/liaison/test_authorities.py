"""Two-way contact: the register, what goes to and fro, answers, rhythm."""

import io
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from config.lib import registry
from config.lib.dates import months_after
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison.models import Authority, AuthorityContact, Exchange
from liaison.services.authorities import (
    AuthorityFacts,
    ContactFacts,
    add_contact,
    amend_authority,
    end_contact,
    register_authority,
    retire_authority,
)
from liaison.services.exchanges import (
    ExchangeFacts,
    answer_exchange,
    record_exchange,
    withdraw_exchange,
)
from organizations import parameters
from organizations.models import Organization
from tests.liaison.agreement_steps import ago

pytestmark = pytest.mark.django_db


def registered(street, actor, name="市场监管局", **facts):
    return register_authority(
        organization_id=street.pk,
        facts=AuthorityFacts(name=name, kind="market", **{"since": ago(400)} | facts),
        actor=actor,
    )


def exchanged(authority, actor, day=None, due_on=None, direction="sent", **more):
    return record_exchange(
        authority_id=authority.pk,
        facts=ExchangeFacts(
            held_on=day or ago(20),
            direction=direction,
            matter="新登记企业名单",
            due_on=due_on,
        ),
        actor=actor,
        **more,
    )


def answered(exchange, actor, **more):
    return answer_exchange(
        exchange_id=exchange.pk,
        **{"answered_on": ago(1), "words": "已核对"} | more,
        actor=actor,
    )


def warned(key, user):
    rows = registry.alert(f"liaison.{key}").rows(user, timezone.localdate())
    return [row.label for row in rows]


@pytest.fixture
def authority(street, committee_staff):
    return registered(street, committee_staff)


def test_the_street_alone_keeps_contact(
    authority, community_a, street, committee_staff, community_secretary
):
    assert list(Authority.objects.visible_to(committee_staff)) == [authority]
    assert not Authority.objects.visible_to(community_secretary)
    for place, actor in (
        (community_a, committee_staff),
        (street, community_secretary),
    ):
        with pytest.raises(Organization.DoesNotExist):
            registered(place, actor, "民政局")
    with pytest.raises(Authority.DoesNotExist):
        exchanged(authority, community_secretary)


def test_a_name_is_registered_once(authority, street, committee_staff):
    with pytest.raises(RuleError, match="已经登记"):
        registered(street, committee_staff)
    with pytest.raises(RuleError, match="几个月一次只能是"):
        registered(street, committee_staff, "民政局", months=5)


def test_a_stale_change_and_an_open_matter_are_refused(authority, committee_staff):
    facts = AuthorityFacts("民政局", "civil", ago(300))
    asked = {"authority_id": authority.pk, "actor": committee_staff}
    amend_authority(**asked, facts=facts, version=1)
    with pytest.raises(StaleError):
        amend_authority(**asked, facts=facts, version=1)
    exchange = exchanged(authority, committee_staff, due_on=ago(-5))
    with pytest.raises(RuleError, match="1 件往来没有了结"):
        retire_authority(**asked, reason="合并")
    answered(exchange, committee_staff)
    retire_authority(**asked, reason="合并")
    with pytest.raises(RuleError, match="停止与这个部门联系"):
        exchanged(authority, committee_staff)


def test_contacts_are_masked_and_ended(authority, committee_staff):
    asked = {"authority_id": authority.pk, "actor": committee_staff}
    facts = ContactFacts("周科长", "登记科", "13900001234")
    contact = add_contact(**asked, facts=facts, request_id=(key := uuid4()))
    assert add_contact(**asked, facts=facts, request_id=key) == contact
    assert contact.masked_phone == "139****1234"
    assert AuthorityContact.objects.filter(phone="").count() == 0
    with pytest.raises(ValidationError):
        add_contact(**asked, facts=ContactFacts("某", "", "12"))
    end_contact(contact_id=contact.pk, actor=committee_staff)
    with pytest.raises(RuleError, match="已经停用"):
        end_contact(contact_id=contact.pk, actor=committee_staff)


def test_an_answer_overdue_is_warned_of_until_it_comes(authority, committee_staff):
    exchange = exchanged(authority, committee_staff, due_on=ago(1))
    assert warned("answer_overdue", committee_staff) == ["新登记企业名单"]
    with pytest.raises(RuleError, match="不能早于往来日期"):
        answered(exchange, committee_staff, answered_on=ago(30))
    answered(exchange, committee_staff, left_open="两家查无下落", version=1)
    assert warned("answer_overdue", committee_staff) == []
    assert list(Exchange.objects.open()) == [exchange]
    answered(exchange, committee_staff, version=2)
    assert not Exchange.objects.open()
    assert list(Exchange.objects.answered()) == [exchange]


def test_what_was_recorded_by_mistake_counts_no_more(authority, committee_staff):
    exchange = exchanged(authority, committee_staff, due_on=ago(1))
    withdraw_exchange(exchange_id=exchange.pk, reason="重复", actor=committee_staff)
    assert warned("answer_overdue", committee_staff) == []
    assert not Exchange.objects.open()
    with pytest.raises(RuleError, match="已经撤回"):
        answered(exchange, committee_staff)


@pytest.mark.parametrize(
    ("day", "due_on", "words"),
    [
        (ago(-1), None, "不能晚于今天"),
        (ago(5), ago(6), "不能早于往来日期"),
        (ago(5), ago(-1500), "太远"),
    ],
)
def test_days_that_cannot_be(authority, committee_staff, day, due_on, words):
    with pytest.raises(RuleError, match=words):
        exchanged(authority, committee_staff, day, due_on)


def test_the_next_exchange_is_due_by_its_rhythm(authority, street, committee_staff):
    today = timezone.localdate()
    assert warned("exchange_due", committee_staff) == ["市场监管局"]
    exchanged(authority, committee_staff, months_after(today, -2))
    assert warned("exchange_due", committee_staff) == []
    parameters.change(key="liaison.exchange_months", value=2, actor=committee_staff)
    assert warned("exchange_due", committee_staff) == ["市场监管局"]
    amend_authority(
        authority_id=authority.pk,
        facts=AuthorityFacts("市场监管局", "market", ago(400), months=6),
        actor=committee_staff,
    )
    assert warned("exchange_due", committee_staff) == []


def test_a_list_comes_with_a_workbook_and_its_units(
    authority, committee_staff, work_unit, client_for
):
    book = io.BytesIO()
    Workbook().save(book)
    page, url = (
        client_for(committee_staff),
        reverse("liaison:exchange-add", args=[authority.pk]),
    )
    asked = {
        "direction": "sent",
        "held_on": ago(3).isoformat(),
        "matter": "名单",
        "units": [work_unit.pk],
        "request_id": str(uuid4()),
    }
    bad = SimpleUploadedFile("名单.xlsx", b"<script>alert(1)</script>")
    response = page.post(url, asked | {"file": bad})
    assert response.status_code == 422
    assert "文件的内容不是" in response.content.decode()
    for _ in range(2):
        file = SimpleUploadedFile("名单.xlsx", book.getvalue())
        page.post(url, asked | {"file": file})
    exchange = Exchange.objects.get()
    assert exchange.file.original_name == "名单.xlsx"
    assert list(exchange.units.all()) == [work_unit]
    text = page.get(exchange.get_absolute_url()).content.decode()
    assert work_unit.name in text
    listed = page.get(reverse("liaison:exchange-list"), {"group": "all"})
    assert listed.context["page"].rows == [exchange]
    assert page.get(reverse("liaison:authority-list")).status_code == 200
