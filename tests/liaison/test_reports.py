"""What units answer and tell: to-dos of who keeps the card, and nothing by itself."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.lib import registry
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from liaison.choices.reports import ReportKind, ReportState
from liaison.models import FeedbackPacket, LiaisonCard, Receipt, UnitReport
from liaison.rules.reports import MAX_REPORTS
from liaison.services import cards, delivery
from liaison.services import reports as service
from liaison.services.reports import Answer, Message
from organizations.models import AuditEvent
from tests.factories.liaison import LiaisonCardFactory
from tests.factories.organizations import WorkUnitFactory
from tests.races import needs_server, race


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


@pytest.fixture
def sent(packet, committee_staff):
    return delivery.deliver(packet_id=packet.pk, channel="link", actor=committee_staff)


def message(card="", name="", kind="honour", words="评为先进", key=None) -> Message:
    return Message(kind, card, name, words, "周明", key or uuid4())


def confirm(sent, *answers: Answer) -> Receipt | None:
    token = delivery.link_token(sent)
    return delivery.confirm_by_link(token=token, name="周明", words="", answers=answers)


def open_items(user) -> list[str]:
    alert = registry.alert("liaison.unit_reports")
    today = timezone.localdate()
    return [alert.item(row, today).detail for row in alert.queryset(user, today)]


# An answer a member ----------------------------------------------------------------


def test_what_agrees_is_kept_and_asks_for_nothing(sent, card):
    receipt = confirm(sent, Answer(card.number, "agrees"))
    assert [row.kind for row in receipt.answers.all()] == ["agrees"]
    assert not UnitReport.objects.exists()


def test_who_has_left_becomes_a_to_do_of_the_branch(sent, card, branch_secretary):
    confirm(sent, Answer(card.number, "left", "调往市局"))
    report = UnitReport.objects.get()
    assert (report.kind, report.card, report.organization) == (
        ReportKind.LEFT,
        card,
        card.organization,
    )
    assert (report.person_name, report.words) == ("雷芳", "调往市局")
    assert open_items(branch_secretary) == ["单位反映雷芳：已不在本单位，请核实办理"]
    card.refresh_from_db()
    assert (card.ends_on, card.member.home_unit_id) == (None, report.work_unit_id)


def test_an_answer_that_cannot_be_kept_leaves_no_confirmation(sent, card):
    other = LiaisonCardFactory(organization=card.organization)
    for wrong in (
        Answer(card.number, "differs"),
        Answer(card.number, "nonsense"),
        Answer(other.number, "agrees"),
    ):
        with pytest.raises(RuleError):
            confirm(sent, wrong)
    assert not Receipt.objects.exists()
    assert confirm(sent, Answer(card.number, "differs", "少记一次"))


def test_words_of_a_unit_are_sealed(sent, card):
    confirm(sent, Answer(card.number, "left", "调往市局"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_name, words FROM liaison_unitreport")
        row = "".join(cursor.fetchone())
    assert "雷芳" not in row
    assert "市局" not in row


# Messages --------------------------------------------------------------------------


def test_a_message_of_somebody_unknown_goes_to_the_street(sent, street):
    report = service.tell_by_link(
        delivery=sent, message=message(name="新来", kind="new")
    )
    assert (report.organization, report.card) == (street, None)


def test_the_same_request_is_taken_once(sent, card):
    key = uuid4()
    for _ in range(2):
        service.tell_by_link(delivery=sent, message=message(card.number, key=key))
    assert UnitReport.objects.count() == 1
    assert AuditEvent.objects.filter(action="unit_reported").count() == 1


@needs_server
@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_once_is_taken_once(sent, card):
    key = uuid4()

    def tell(number):
        return service.tell_by_link(
            delivery=sent, message=message(card.number, key=key)
        ).pk

    assert len(set(race(tell, 6))) == 1
    assert UnitReport.objects.count() == 1


def test_a_link_that_was_used_meanwhile_takes_nothing(sent, card):
    confirm(sent)
    assert service.tell_by_link(delivery=sent, message=message(card.number)) is None


def test_a_message_names_somebody_of_the_packet_or_a_name(sent, card):
    other = LiaisonCardFactory(organization=card.organization)
    with pytest.raises(RuleError, match="不在这份材料中"):
        service.tell_by_link(delivery=sent, message=message(other.number))
    with pytest.raises(RuleError, match="填写姓名"):
        service.tell_by_link(delivery=sent, message=message(name=" "))


def test_a_link_cannot_fill_the_list(sent, card):
    for _ in range(MAX_REPORTS):
        service.tell_by_link(delivery=sent, message=message(card.number))
    with pytest.raises(RuleError, match="直接与街道联系"):
        service.tell_by_link(delivery=sent, message=message(card.number))


def test_the_contact_person_tells_with_an_account(packet, sent, card, unit_contact):
    report = service.tell(
        packet_id=packet.pk, message=message(card.number), actor=unit_contact
    )
    assert report.entered_by == unit_contact


def test_a_secretary_tells_nothing_for_a_unit(packet, sent, card, branch_secretary):
    with pytest.raises(FeedbackPacket.DoesNotExist):
        service.tell(
            packet_id=packet.pk, message=message(card.number), actor=branch_secretary
        )


# Settling --------------------------------------------------------------------------


@pytest.fixture
def left(sent, card) -> UnitReport:
    return service.tell_by_link(
        delivery=sent, message=message(card.number, kind="left")
    )


def settle(report, actor, outcome="accepted", reply="", version=None):
    return service.settle_report(
        report_id=report.pk,
        version=version or report.version,
        outcome=outcome,
        reply=reply,
        actor=actor,
    )


def test_who_left_is_accepted_once_the_card_is_closed(left, card, branch_secretary):
    with pytest.raises(RuleError, match="请先核实"):
        settle(left, branch_secretary)
    cards.close_card(
        card_id=card.pk,
        ends_on=timezone.localdate(),
        reason="left_unit",
        actor=branch_secretary,
    )
    assert settle(left, branch_secretary).state == ReportState.ACCEPTED
    assert open_items(branch_secretary) == []
    assert AuditEvent.objects.filter(action="unit_report_settled").exists()


def test_or_the_home_unit_is_corrected(left, card, branch_secretary):
    card.member.home_unit = WorkUnitFactory()
    card.member.save()
    assert settle(left, branch_secretary).state == ReportState.ACCEPTED
    assert LiaisonCard.objects.open().filter(pk=card.pk).exists()


def test_laying_aside_needs_a_reason(left, branch_secretary):
    with pytest.raises(RuleError, match="写明原因"):
        settle(left, branch_secretary, "laid_aside")
    assert settle(left, branch_secretary, "laid_aside", "仍在岗").reply == "仍在岗"
    with pytest.raises(RuleError, match="已经办结"):
        settle(left, branch_secretary, "laid_aside", "仍在岗", version=2)


def test_a_page_opened_before_a_colleagues_is_stale(left, branch_secretary):
    with pytest.raises(StaleError):
        settle(left, branch_secretary, "laid_aside", "仍在岗", version=7)


def test_another_branch_and_the_unit_settle_nothing(
    left, unit_contact, secretary_b, committee_staff
):
    for stranger in (unit_contact, secretary_b):
        with pytest.raises((UnitReport.DoesNotExist, PermissionDenied)):
            settle(left, stranger, "laid_aside", "不是")
    assert settle(left, committee_staff, "laid_aside", "查无此事")


def test_the_street_passes_on_to_a_branch(sent, branch_a1, committee_staff):
    report = service.tell_by_link(
        delivery=sent, message=message(name="新来", kind="new")
    )
    moved = service.pass_on_report(
        report_id=report.pk,
        version=1,
        organization_id=branch_a1.pk,
        actor=committee_staff,
    )
    assert (moved.organization, moved.version) == (branch_a1, 2)


# Pages -----------------------------------------------------------------------------


@pytest.fixture
def opened(sent) -> Client:
    client = Client()
    client.post(link_of(sent))
    return client


def link_of(sent) -> str:
    return reverse("liaison:unit-packet", args=[delivery.link_token(sent)])


TOLD = {
    "kind": "honour",
    "card": "",
    "person_name": "<i>新来</i>",
    "about": "<b>先进</b>",
    "told_by": "周明",
}


def test_the_unit_tells_by_its_link_and_reads_the_reply(
    opened, sent, client_for, committee_staff
):
    data = TOLD | {"request_id": str(uuid4())}
    refused = opened.post(f"{link_of(sent)}tell/", data | {"person_name": ""})
    assert refused.status_code == 422
    assert "&lt;b&gt;先进" in refused.content.decode()
    assert opened.post(f"{link_of(sent)}tell/", data).status_code == 302
    page = opened.get(link_of(sent)).content.decode()
    assert "已收到" in page
    assert "&lt;i&gt;新来" in page
    report = UnitReport.objects.get()
    client = client_for(committee_staff)
    assert (
        "&lt;i&gt;新来" in client.get(reverse("liaison:report-list")).content.decode()
    )
    detail = client.get(report.get_absolute_url()).content.decode()
    assert "<b>先进" not in detail
    settled = client.post(
        reverse("liaison:report-settle", args=[report.pk]),
        {"version": 1, "outcome": "accepted", "reply": "已记入表彰"},
    )
    assert settled.status_code == 302
    assert "已记入表彰" in opened.get(link_of(sent)).content.decode()


def test_a_closed_door_takes_no_message(sent):
    response = Client().post(f"{link_of(sent)}tell/", TOLD)
    assert response.url == link_of(sent)
    assert not UnitReport.objects.exists()


def test_the_unit_answers_for_each_and_the_street_reads_it(
    opened, sent, card, client_for, committee_staff
):
    answer = {"name": "周明", "words": "", f"answer-{card.number}": "differs"}
    refused = opened.post(f"{link_of(sent)}confirm/", answer)
    assert refused.status_code == 422
    assert "哪里有出入" in refused.content.decode()
    answer[f"say-{card.number}"] = "<b>少记一次</b>"
    assert opened.post(f"{link_of(sent)}confirm/", answer).status_code == 302
    page = client_for(committee_staff).get(sent.packet.get_absolute_url())
    assert "雷芳：有出入，&lt;b&gt;少记一次" in page.content.decode()


def test_passing_on_and_settling_on_the_page(
    left, client_for, committee_staff, branch_b1
):
    client = client_for(committee_staff)
    page = reverse("liaison:report-pass-on", args=[left.pk])
    stale = client.post(page, {"version": 9, "place": branch_b1.pk})
    assert stale.status_code == 409
    assert client.post(page, {"version": 1, "place": ""}).status_code == 422
    assert client.post(page, {"version": 1, "place": branch_b1.pk}).status_code == 302
    blocked = client.post(
        reverse("liaison:report-settle", args=[left.pk]),
        {"version": 2, "outcome": "accepted", "reply": ""},
    )
    assert blocked.status_code == 422
    assert "请先核实" in blocked.content.decode()
