"""Mutual aid by many at the same time: numbered, never overdrawn, paid once."""

from collections import Counter

import pytest

from members.models import AidFund, HardshipAid
from members.services.aid_payments import confirm_payment
from members.services.donations import withdraw_donation
from tests.factories.members import MemberFactory
from tests.members.hardship_steps import recognized
from tests.members.mutual_steps import (
    entered,
    funded,
    given,
    goods,
    opened,
    to_member,
)
from tests.races import needs_server, race


def money(fund):
    return AidFund.objects.with_money().get(pk=fund.pk)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_gifts_at_the_same_time_leave_no_gap(community_a, committee_staff):
    fund = opened(community_a, committee_staff)

    def give(number):
        return given(fund, committee_staff, "1").serial

    assert sorted(race(give, 12)) == list(range(1, 13))


@needs_server
@pytest.mark.django_db(transaction=True)
def test_payments_at_the_same_time_never_overdraw(community_a, community_secretary):
    fund = funded(community_a, community_secretary, "1000")
    lot = goods(fund, community_secretary, "90", quantity=3)

    def pay(number):
        if number % 2:
            take = {"amount": None, "lot_id": lot.pk, "quantity": 1}
        else:
            take = {"amount": "300"}
        entered(fund, community_secretary, voucher=f"记{number}", **take)
        return "entered"

    counted = Counter(race(pay, 12))
    assert counted == {"entered": 6, "amount": 3, "quantity": 3}
    assert (money(fund).balance, money(fund).stock_value) == (100, 0)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_confirmed_by_two_at_the_same_time_is_paid_once(
    community_a, branch_a1, community_secretary, committee_staff, hardship_officer
):
    member = MemberFactory(branch=branch_a1)
    recognized(member, community_secretary, hardship_officer)
    fund = funded(community_a, community_secretary)
    payment = to_member(fund, member, community_secretary, "600")

    def confirm(number):
        actor = (committee_staff, hardship_officer)[number % 2]
        confirm_payment(payment_id=payment.pk, actor=actor)
        return "confirmed"

    assert Counter(race(confirm, 6)) == {"confirmed": 1, "state": 5}
    assert HardshipAid.objects.get().amount == 600


@needs_server
@pytest.mark.django_db(transaction=True)
def test_a_gift_taken_back_while_it_is_spent(
    community_a, community_secretary, committee_staff
):
    fund = funded(community_a, community_secretary, "100")
    gift = fund.donations.get()

    def work(number):
        if number % 2:
            withdraw_donation(donation_id=gift.pk, reason="退款", actor=committee_staff)
        else:
            entered(fund, community_secretary, "100", voucher=f"记{number}")
        return "done"

    assert Counter(race(work, 6))["done"] == 1
    assert money(fund).balance == 0
