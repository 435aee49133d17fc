"""The unit's side: a link without an account, and the contact person's own pages."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.models import Delivery, Receipt
from liaison.services import delivery as service
from liaison.views.doors import CALLS_A_MINUTE
from tests.factories.liaison import LiaisonCardFactory


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


@pytest.fixture
def delivery(packet, committee_staff) -> Delivery:
    return service.deliver(packet_id=packet.pk, channel="link", actor=committee_staff)


@pytest.fixture
def link(delivery) -> str:
    return reverse("liaison:unit-packet", args=[service.link_token(delivery)])


@pytest.fixture
def opened(link) -> Client:
    """A browser in which the button was pressed."""
    client = Client()
    assert client.post(link).status_code == 302
    return client


def test_a_link_shows_a_door_and_notes_nothing(client, link, delivery):
    html = client.get(link).content.decode()
    assert "查看反馈材料" in html
    assert "雷芳" not in html
    delivery.refresh_from_db()
    assert delivery.opened_at is None


def test_the_button_opens_the_packet(opened, link, delivery):
    html = opened.get(link).content.decode()
    assert "雷芳" in html
    assert "江滨中学党组织：" in html
    delivery.refresh_from_db()
    assert delivery.opened_at


def test_another_browser_sees_the_door(opened, link):
    assert "雷芳" not in Client().get(link).content.decode()


def test_the_page_has_no_navigation(opened, link):
    html = opened.get(link).content.decode()
    assert "sidenav" not in html
    assert 'href="/"' not in html


def test_the_file_and_the_receipt_need_the_button(client, link):
    assert client.get(f"{link}file/").url == link
    assert client.post(f"{link}confirm/", {"name": "周明"}).url == link
    assert not Receipt.objects.exists()


def test_the_workbook_is_the_units(opened, link):
    response = opened.get(f"{link}file/")
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    assert book["党员表现"]["B4"].value == "雷芳"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_confirming_ends_the_link(opened, link, packet):
    response = opened.post(f"{link}confirm/", {"name": "周明", "words": "属实"})
    assert response.url == reverse("liaison:unit-done")
    assert packet.receipt.confirmed_by == "周明"
    assert opened.get(response.url).status_code == 200
    assert opened.get(link).status_code == 404


def test_a_receipt_needs_a_name(opened, link):
    response = opened.post(f"{link}confirm/", {"name": "", "words": "属实"})
    assert response.status_code == 422
    assert "属实" in response.content.decode()


def test_every_dead_link_answers_alike(opened, link, delivery):
    bodies = set()

    def look(url: str) -> None:
        for response in (opened.get(url), opened.post(url), opened.get(f"{url}file/")):
            assert response.status_code == 404
            bodies.add(response.content)

    look(reverse("liaison:unit-packet", args=["A" * 43]))
    look(reverse("liaison:unit-packet", args=["不是令牌"]))
    now = timezone.now()
    rows = Delivery.objects.filter(pk=delivery.pk)
    for change, back in (
        ({"expires_at": now - timedelta(1)}, {"expires_at": now + timedelta(1)}),
        ({"revoked_at": now}, {"revoked_at": None}),
        ({"used_at": now}, {"used_at": None}),
    ):
        rows.update(**change)
        look(link)
        rows.update(**back)
    assert opened.get(link).status_code == 200
    assert len(bodies) == 1


def test_too_many_calls_are_put_off(client, link):
    statuses = [client.get(link).status_code for _ in range(CALLS_A_MINUTE + 1)]
    assert statuses == [200] * CALLS_A_MINUTE + [429]


def test_forms_are_protected_and_keep_their_origin(link):
    client = Client(enforce_csrf_checks=True)
    page = client.get(link)
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert client.post(link).status_code == 403


def test_the_reply_is_escaped_for_the_street(
    opened, link, packet, client_for, committee_staff
):
    opened.post(f"{link}confirm/", {"name": "<i>周明</i>", "words": "<b>x</b>"})
    html = client_for(committee_staff).get(packet.get_absolute_url()).content.decode()
    assert "<i>周明" not in html
    assert "<b>x" not in html


def test_a_link_shows_its_own_packet_only(opened, link, branch_a1, period, build):
    other = LiaisonCardFactory(organization=branch_a1)
    build(period)
    html = opened.get(link).content.decode()
    assert other.member.name not in html
    assert other.home_unit.name not in html


# With an account -------------------------------------------------------------------


def test_the_contact_person_lists_sent_packets(client_for, unit_contact, packet):
    client, page = client_for(unit_contact), reverse("liaison:own-packets")
    assert packet.number not in client.get(page).content.decode()


def test_the_contact_person_reads_and_confirms(
    client_for, unit_contact, packet, delivery
):
    client = client_for(unit_contact)
    assert packet.number in client.get(reverse("liaison:own-packets")).content.decode()
    own = reverse("liaison:own-packet", args=[packet.pk])
    assert "雷芳" in client.get(own).content.decode()
    assert client.get(f"{own}file/").status_code == 200
    assert client.post(own, {"name": ""}).status_code == 422
    assert client.post(own, {"name": "连络云"}).status_code == 302
    assert packet.receipt.entered_by == unit_contact
    assert "已于" in client.get(own).content.decode()


def test_the_contact_person_reaches_nothing_else(
    client_for, unit_contact, packet, delivery, period, branch_a1, build
):
    client = client_for(unit_contact)
    other = LiaisonCardFactory(organization=branch_a1)
    build(period)
    foreign = other.home_unit.packets.get()
    own = reverse("liaison:own-packet", args=[foreign.pk])
    assert client.get(own).status_code == 404
    assert client.get(packet.get_absolute_url()).status_code == 403
    assert client.get(period.get_absolute_url()).status_code == 404
    assert client.get(reverse("liaison:period-list")).status_code == 403


def test_a_secretary_has_no_own_packets(client_for, branch_secretary, packet):
    client = client_for(branch_secretary)
    assert client.get(reverse("liaison:own-packets")).status_code == 403
    own = reverse("liaison:own-packet", args=[packet.pk])
    assert client.get(own).status_code == 404
