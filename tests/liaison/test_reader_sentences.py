"""The page 谁能看到 says which units are told of a member, and of what."""

from datetime import timedelta

import pytest
from django.urls import reverse

from liaison.models import LiaisonCard

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(client_for, branch_secretary, card):
    """Return a function that reads the page of the card's member."""

    def read() -> str:
        url = reverse("members:who-sees", args=[card.member_id])
        return client_for(branch_secretary).get(url).content.decode()

    return read


def test_the_unit_of_a_card_is_named_with_what_it_reads(said, card):
    assert "工作单位江滨中学的联络人：只收到每期的反馈材料" in said()


def test_a_unit_of_before_is_told_apart(said, card):
    LiaisonCard.objects.update(ends_on=card.starts_on + timedelta(days=1))
    page = said()
    assert "以前的工作单位江滨中学的联络人" in page
    assert "不再发给" in page


def test_of_a_card_elsewhere_nothing_is_said(said, card, branch_b1):
    LiaisonCard.objects.update(organization=branch_b1)
    assert "江滨中学的联络人" not in said()
