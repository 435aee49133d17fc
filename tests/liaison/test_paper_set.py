"""One slip, one form, one card on paper."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from liaison.services import years
from tests.factories.liaison import CardEntryFactory
from tests.liaison.post_steps import agreed, post_at
from tests.members.slip_steps import accepted, filed

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def secretary(client_for, branch_secretary):
    return client_for(branch_secretary)


def page(client, name, pk) -> str:
    response = client.get(reverse(name, args=[pk]))
    assert response.status_code == 200
    return response.content.decode()


def test_the_set_is_filled_from_what_is_known(
    secretary, card, branch_a1, branch_secretary
):
    CardEntryFactory(card=card, occurred_on=TODAY, content="修剪绿化")
    agreed(post_at(branch_a1, branch_secretary), card, branch_secretary)
    years.write_summary(
        card_id=card.pk, year=TODAY.year, words="热心公益", actor=branch_secretary
    )
    html = page(secretary, "liaison:card-set", card.pk)
    for words in (
        *("在职党员到社区报到单", "在职党员登记表", "党员联系卡", "回　执"),
        *("雷芳", "江滨中学", "楼道安全巡查员", "修剪绿化", "热心公益"),
        "□同意受理",  # no slip: the acceptance is left to be filled in
    ):
        assert words in html
    for secret in (card.member.id_number, card.member.phone, card.member.address):
        assert not secret or secret not in html


def test_a_slip_is_printed_with_its_acceptance_and_receipt(
    client_for, community_a, branch_a1, community_secretary, secretary_b
):
    slip = filed(community_a, community_secretary)
    client = client_for(community_secretary)
    html = page(client, "members:slip-print", slip.pk)
    assert "□同意受理" in html
    assert "你单位党员雷报到" in html
    slip = accepted(slip, branch_a1, community_secretary)
    html = page(client, "members:slip-print", slip.pk)
    assert f"同意受理，编入{branch_a1}" in html
    for secret in ("13900007001", "滨江路8号", slip.id_number):
        assert secret not in html
    url = reverse("members:slip-print", args=[slip.pk])
    assert client_for(secretary_b).get(url).status_code == 404


def test_a_card_opened_after_a_slip_prints_that_slip(
    client_for, community_a, branch_a1, community_secretary, card
):
    slip = accepted(
        filed(community_a, community_secretary), branch_a1, community_secretary
    )
    card.member = slip.member
    card.save()
    html = page(client_for(community_secretary), "liaison:card-set", card.pk)
    assert f"BD{slip.pk:06d}" in html


def test_of_somebody_who_left_only_the_card_speaks(secretary, card, branch_b1):
    card.member.job_title = "教务主任"
    card.member.save()
    assert "教务主任" in page(secretary, "liaison:card-set", card.pk)
    card.member.affiliations.update(organization=branch_b1)
    html = page(secretary, "liaison:card-set", card.pk)
    assert "教务主任" not in html
    assert f"{card.member.born_on:%Y年%m月}" not in html
    assert "雷芳" in html


def test_the_set_keeps_to_twelve_queries(
    secretary, card, django_assert_max_num_queries
):
    CardEntryFactory.create_batch(20, card=card, occurred_on=date(2026, 8, 3))
    with django_assert_max_num_queries(12):
        page(secretary, "liaison:card-set", card.pk)
