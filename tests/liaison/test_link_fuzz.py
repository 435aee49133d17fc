"""Links out of order: whatever was done to one, the answer is one neutral page."""

from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from liaison.models import CardLink, Delivery
from liaison.services import delivery
from liaison.services.own import card_token, issue_link

UNIT = ("/liaison/u/{}/", "/liaison/u/{}/file/")
UNIT_POSTS = ("/liaison/u/{}/", "/liaison/u/{}/confirm/", "/liaison/u/{}/tell/")
MINE, MINE_POSTS = ("/liaison/m/{}/",), ("/liaison/m/{}/", "/liaison/m/{}/propose/")
DATA = {"name": "某人", "words": "收到", "kind": "new", "person_name": "某人"}


@st.composite
def damages(draw):
    """What may happen to a token: a function of it that gives another."""
    at = draw(st.integers(0, 200))
    text = draw(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
    kind = draw(st.sampled_from(["put", "cut", "add", "swap", "turn", "other"]))

    def damage(token: str) -> str:
        place = at % len(token)
        return {
            "put": token[:place] + text + token[place + 1 :],
            "cut": token[:place],
            "add": token + text,
            "swap": token.swapcase(),
            "turn": token[::-1],
            "other": text,
        }[kind]

    return damage


@pytest.fixture
def unit_token(packet, committee_staff) -> str:
    sent = delivery.deliver(packet_id=packet.pk, channel="link", actor=committee_staff)
    return delivery.link_token(sent)


@pytest.fixture
def mine_token(card, branch_secretary) -> str:
    return card_token(issue_link(card_id=card.pk, actor=branch_secretary))


def answers(token: str, gets, posts) -> set[tuple[int, bytes]]:
    cache.clear()
    client = Client()
    address = quote(token, safe="")
    found = [client.get(each.format(address)) for each in gets]
    found += [client.post(each.format(address), DATA) for each in posts]
    return {(each.status_code, each.content) for each in found}


_FUZZED = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@_FUZZED
@given(damage=damages())
@example(damage=lambda token: token + "=")
@example(damage=lambda token: token.lower())
@example(damage=lambda token: token + "\x00")
@example(damage=lambda token: "../" + token)
@example(damage=lambda token: token + "' OR '1'='1")
@example(damage=lambda token: "甲" * 3000)
def test_a_damaged_link_of_a_unit_opens_nothing(unit_token, damage):
    spoiled = damage(unit_token)
    if spoiled == unit_token or "/" in spoiled or spoiled in {"", ".", "..", "done"}:
        return
    [(status, body)] = answers(spoiled, UNIT, UNIT_POSTS)
    assert status == 404
    assert "江滨中学".encode() not in body
    assert Delivery.objects.get().opened_at is None


@_FUZZED
@given(damage=damages())
@example(damage=lambda token: token + "=")
@example(damage=lambda token: token + "\x00")
def test_a_damaged_link_of_a_member_opens_nothing(mine_token, damage):
    spoiled = damage(mine_token)
    if spoiled == mine_token or "/" in spoiled or spoiled in {"", ".", ".."}:
        return
    [(status, body)] = answers(spoiled, MINE, MINE_POSTS)
    assert status == 404
    assert "雷芳".encode() not in body
    assert CardLink.objects.get().opened_at is None


def test_a_link_of_one_kind_opens_nothing_of_the_other(unit_token, mine_token):
    assert {status for status, _ in answers(unit_token, MINE, MINE_POSTS)} == {404}
    assert {status for status, _ in answers(mine_token, UNIT, UNIT_POSTS)} == {404}
