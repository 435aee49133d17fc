"""A member's own card by a link, and what he proposes for it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.registry import alert
from liaison.models import CardEntry, CardLink, EntryProposal, LiaisonCard
from liaison.service_record import records
from liaison.services import cards, own
from liaison.views.doors import CALLS_A_MINUTE
from organizations.models import AuditEvent
from tests.factories.liaison import CardEntryFactory, LiaisonCardFactory
from tests.liaison.post_steps import agreed, post_at
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _fresh_counters():
    cache.clear()


@pytest.fixture
def link(card, branch_secretary) -> CardLink:
    return own.issue_link(card_id=card.pk, actor=branch_secretary)


@pytest.fixture
def address(link) -> str:
    return reverse("liaison:my-card", args=[own.card_token(link)])


@pytest.fixture
def opened(address) -> Client:
    client = Client()
    assert client.post(address).status_code == 302
    return client


def written(**changes) -> dict:
    return {
        "kind": "service",
        "occurred_on": TODAY.isoformat(),
        "hours": "1.5",
        "content": "修好了水龙头",
        "request_id": str(uuid4()),
    } | changes


# The link -----------------------------------------------------------------------------


def test_a_link_shows_a_door_and_notes_nothing(client, address, link):
    html = client.get(address).content.decode()
    assert "打开我的联系卡" in html
    assert "雷芳" not in html
    link.refresh_from_db()
    assert link.opened_at is None


def test_the_member_sees_his_own_card_and_nobody_elses(
    opened, address, card, branch_a1, branch_secretary
):
    CardEntryFactory(card=card, occurred_on=TODAY, content="修剪绿化")
    other = LiaisonCardFactory(organization=branch_a1)
    post = post_at(branch_a1, branch_secretary)
    agreed(post, card, branch_secretary)
    agreed(post, other, branch_secretary)
    html = opened.get(address).content.decode()
    for words in ("雷芳", "江滨中学", "修剪绿化", "楼道安全巡查员"):
        assert words in html
    for secret in (other.member.name, other.number, card.member.id_number, "sidenav"):
        assert secret not in html
    assert 'href="/' not in html.replace('href="/static', "")


def test_another_browser_sees_the_door(opened, address):
    assert "雷芳" not in Client().get(address).content.decode()


def test_only_a_digest_is_stored(link):
    token = own.card_token(link)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM liaison_cardlink")
        assert token not in str(cursor.fetchall())


def test_every_dead_link_answers_alike(opened, address, link, card):
    bodies = set()

    def look(url: str) -> None:
        propose = f"{url}propose/"
        for response in (
            opened.get(url),
            opened.post(url),
            opened.post(propose, written()),
        ):
            assert response.status_code == 404
            bodies.add(response.content)

    token = address.split("/")[-2]
    swapped = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    for wrong in ("A" * 43, "不是令牌", swapped, token.upper(), f"{token}A"):
        look(reverse("liaison:my-card", args=[wrong]))
    rows, now = CardLink.objects.filter(pk=link.pk), timezone.now()
    for change, back in (
        ({"expires_at": now - timedelta(1)}, {"expires_at": now + timedelta(1)}),
        ({"revoked_at": now}, {"revoked_at": None}),
    ):
        rows.update(**change)
        look(address)
        rows.update(**back)
    assert opened.get(address).status_code == 200
    LiaisonCard.objects.filter(pk=card.pk).update(ends_on=TODAY, end_reason="other")
    look(address)
    assert len(bodies) == 1
    assert not EntryProposal.objects.exists()


def test_a_units_link_opens_no_card_and_a_cards_no_packet(opened, address):
    token = address.split("/")[-2]
    for name in ("unit-packet", "unit-packet-file"):
        assert opened.get(reverse(f"liaison:{name}", args=[token])).status_code == 404


def test_an_opened_card_opens_no_other_card(opened, branch_a1, branch_secretary):
    other = LiaisonCardFactory(organization=branch_a1)
    second = own.issue_link(card_id=other.pk, actor=branch_secretary)
    url = reverse("liaison:my-card", args=[own.card_token(second)])
    assert other.member.name not in opened.get(url).content.decode()
    assert opened.post(f"{url}propose/", written()).url == url
    assert not EntryProposal.objects.exists()


def test_a_new_link_ends_the_one_before(opened, address, link, card, branch_secretary):
    own.issue_link(card_id=card.pk, actor=branch_secretary)
    assert opened.get(address).status_code == 404
    own.revoke_link(card_id=card.pk, actor=branch_secretary)
    assert not CardLink.objects.filter(revoked_at=None).exists()
    steps = AuditEvent.objects.filter(action="card_link_issued").order_by("pk")
    assert [each.details["link_step"] for each in steps] == [
        *("issued", "issued", "revoked"),
    ]


def test_closing_the_card_ends_its_link(opened, address, card, branch_secretary):
    cards.close_card(
        card_id=card.pk, ends_on=TODAY, reason="other", actor=branch_secretary
    )
    assert opened.get(address).status_code == 404
    with pytest.raises(RuleError, match="已经注销"):
        own.issue_link(card_id=card.pk, actor=branch_secretary)


def test_too_many_calls_are_put_off(client, address):
    statuses = [client.get(address).status_code for _ in range(CALLS_A_MINUTE + 1)]
    assert set(statuses[:-1]) == {200}
    assert statuses[-1] == 429


def test_the_branch_hands_the_link_over(
    client_for, branch_secretary, secretary_b, card
):
    page = reverse("liaison:card-link", args=[card.pk])
    client = client_for(branch_secretary)
    assert "现在没有可用的链接" in client.get(page).content.decode()
    html = client.post(page, follow=True).content.decode()
    token = own.card_token(CardLink.objects.get())
    assert f"/liaison/m/{token}/" in html
    assert client_for(secretary_b).get(page).status_code == 404
    ended = client.post(reverse("liaison:card-link-end", args=[card.pk]), follow=True)
    assert "链接已停用" in ended.content.decode()


# Proposals ----------------------------------------------------------------------------


def test_nothing_counts_before_the_branch_confirms(
    opened, address, card, client_for, branch_secretary, facts_sent
):
    data = written()
    for _ in range(2):  # sent twice
        assert opened.post(f"{address}propose/", data).url == address
    proposal = EntryProposal.objects.get()
    span = (date(TODAY.year, 1, 1), date(TODAY.year + 1, 1, 1))
    assert records([card], *span)[card.pk].times == 0
    assert facts_sent == []
    assert "待核定" in opened.get(address).content.decode()
    client = client_for(branch_secretary)
    assert "修好了水龙头" in client.get(card.get_absolute_url()).content.decode()
    settle = reverse("liaison:proposal-settle", args=[proposal.pk])
    assert client.post(settle, {"decision": "confirm"}).status_code == 302
    entry = CardEntry.objects.get()
    assert (entry.hours, entry.written_by) == (Decimal("1.5"), branch_secretary)
    record = records([card], *span)[card.pk]
    assert (record.times, record.hours) == (1, Decimal("1.5"))
    assert "已记入" in opened.get(address).content.decode()
    response = client.post(settle, {"decision": "confirm"})
    assert "不用再核定" in response.content.decode()
    assert CardEntry.objects.count() == 1


def test_a_declined_one_has_a_reason_that_the_member_reads(
    opened, address, client_for, branch_secretary
):
    opened.post(f"{address}propose/", written())
    settle = reverse("liaison:proposal-settle", args=[EntryProposal.objects.get().pk])
    client = client_for(branch_secretary)
    response = client.post(settle, {"decision": "decline", "reason": ""})
    assert response.status_code == 422
    client.post(settle, {"decision": "decline", "reason": "那天没有这件事"})
    html = opened.get(address).content.decode()
    assert "未记入" in html
    assert "那天没有这件事" in html
    assert not CardEntry.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"occurred_on": "2999-01-01"}, "还没有到"),
        ({"occurred_on": "2025-12-31"}, "早于建卡日期"),
        ({"hours": "25"}, "24"),
        ({"content": ""}, "必填"),
        ({"content": "好" * 301}, "300"),
        ({"kind": "points"}, "points"),
    ],
)
def test_bad_input_loses_nothing(changes, words, opened, address):
    data = written() | changes
    response = opened.post(f"{address}propose/", data)
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html
    assert not EntryProposal.objects.exists()
    if data["content"]:
        assert data["content"][:20] in html


def test_what_a_member_writes_is_escaped_and_sealed(
    opened, address, card, client_for, branch_secretary
):
    opened.post(f"{address}propose/", written(content="<b>王某</b>家"))
    client = client_for(branch_secretary)
    proposal = EntryProposal.objects.get()
    for url in (
        card.get_absolute_url(),
        reverse("liaison:proposal-settle", args=[proposal.pk]),
    ):
        assert "<b>王某" not in client.get(url).content.decode()
    assert "<b>王某" not in opened.get(address).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM liaison_entryproposal")
        assert "王某" not in str(cursor.fetchall())


def test_a_link_fills_no_desk(opened, address):
    for _ in range(own.MOST_WAITING):
        assert opened.post(f"{address}propose/", written()).status_code == 302
    response = opened.post(f"{address}propose/", written())
    assert "等待党支部核定" in response.content.decode()


@needs_server
@pytest.mark.django_db(transaction=True)
def test_a_proposal_is_settled_once_whoever_is_quicker(card, branch_secretary):
    link = own.issue_link(card_id=card.pk, actor=branch_secretary)
    proposal = own.propose_entry(
        token=own.card_token(link),
        kind="service",
        occurred_on=TODAY,
        hours=Decimal(1),
        content="修水管",
        today=TODAY,
    )

    def settle(number):
        if number % 2:
            own.decline_proposal(
                proposal_id=proposal.pk, reason="不属实", actor=branch_secretary
            )
        else:
            own.confirm_proposal(
                proposal_id=proposal.pk, actor=branch_secretary, today=TODAY
            )
        return "mine"

    found = race(settle, count=8)
    assert sorted(found) == ["mine", *["settled"] * 7]
    assert CardEntry.objects.count() <= 1


def test_a_proposal_left_lying_is_warned_of(opened, address, branch_secretary):
    opened.post(f"{address}propose/", written())
    waiting = alert("liaison.proposals_waiting")
    assert not waiting.queryset(branch_secretary, TODAY)
    EntryProposal.objects.update(proposed_at=timezone.now() - timedelta(days=9))
    (row,) = waiting.queryset(branch_secretary, TODAY)
    assert waiting.item(row, TODAY).label == "雷芳"
