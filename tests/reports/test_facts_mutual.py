"""Mutual aid says that figures changed: gifts where it is kept, aid at the street."""

from datetime import timedelta
from decimal import Decimal

import pytest

from members.services.aid_payments import withdraw_payment
from members.services.donations import withdraw_donation
from reports.services import summaries
from tests.members.mutual_steps import funded, given, goods, paid

pytestmark = pytest.mark.django_db


def test_every_step_of_mutual_aid(
    tree, months, holds, today, committee_staff, hardship_officer, community_secretary
):
    place = tree[1]
    fund = funded(place, committee_staff)
    holds()
    earlier = months[2].start + timedelta(days=2)
    gift = given(fund, committee_staff, "20.50", donated_on=earlier)
    lot = goods(fund, committee_staff, "30.25")
    given(fund, committee_staff, "1", kind="inflow", donor_name="财政")
    holds()
    actors = (hardship_officer, committee_staff)
    payment = paid(fund, actors, "300.10", paid_on=earlier)
    paid(fund, actors, None, voucher="领1", lot_id=lot.pk, quantity=20)
    paid(fund, actors, "5", voucher="记9", kind="transfer")
    holds()
    _check_where_they_lie(tree, months, today, place)
    withdraw_payment(payment_id=payment.pk, reason="错", actor=committee_staff)
    withdraw_donation(donation_id=gift.pk, reason="错", actor=hardship_officer)
    holds()


def _check_where_they_lie(tree, months, today, place):
    street = tree[0]
    month = months[0]
    found = summaries.read({month: [street, place]}, today)[month]
    of_place, of_street = found[place.pk].values, found[street.pk].values
    assert of_place["members.mutual_gifts"] == 2
    assert of_place["members.mutual_money"] == 100000
    assert of_place["members.mutual_goods"] == 3025
    assert of_street["members.mutual_paid"] == int(Decimal("3025"))
    assert of_street["members.mutual_helped"] == 1
    assert not of_place.get("members.mutual_paid")
