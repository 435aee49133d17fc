"""Mutual aid: numbers without gaps, never overdrawn, two people, nobody typed twice."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import (
    AidDrive,
    AidFund,
    AidPayment,
    Donation,
    HardshipAid,
    Member,
)
from members.services.aid_payments import (
    confirm_payment,
    pay_recorded_aid,
    withdraw_payment,
)
from members.services.aids import withdraw_aid
from members.services.donations import (
    DonationFacts,
    record_donation,
    withdraw_donation,
)
from members.services.hardship_reviews import end_case
from members.services.mutual import (
    publish_drive,
)
from organizations.models import AuditEvent
from tests.factories.members import MemberFactory
from tests.members.hardship_steps import helped, recognized
from tests.members.mutual_steps import (
    drive_of,
    entered,
    funded,
    given,
    goods,
    opened,
    paid,
    refused,
    to_member,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actors(community_secretary, hardship_officer):
    return community_secretary, hardship_officer


@pytest.fixture
def fund(community_a, actors):
    return funded(community_a, actors[0])


@pytest.fixture
def member(branch_a1):
    return MemberFactory(branch=branch_a1, name="雷有难")


@pytest.fixture
def case(member, branch_secretary, hardship_officer):
    return recognized(member, branch_secretary, hardship_officer)


def money(fund):
    return AidFund.objects.with_money().get(pk=fund.pk)


# Receipts ----------------------------------------------------------------------------


def test_receipts_are_numbered_by_year_and_a_withdrawn_one_keeps_its_number(
    fund, actors
):
    first = fund.donations.get()
    second = given(fund, actors[0], "5")
    earlier = given(fund, actors[0], "6", donated_on=date(2024, 5, 1))
    assert (first.serial, second.serial, earlier.serial) == (1, 2, 1)
    withdraw_donation(donation_id=second.pk, reason="填错", actor=actors[1])
    assert given(fund, actors[0], "7").serial == 3
    second.refresh_from_db()
    assert (second.serial, second.withdrawn_reason) == (2, "填错")
    assert money(fund).came == Decimal("1013")


def test_a_gift_is_taken_back_by_another_person_and_only_while_it_is_there(
    fund, actors
):
    gift = fund.donations.get()
    take_back = {"donation_id": gift.pk, "reason": "退款"}
    refused("second_person", lambda: withdraw_donation(**take_back, actor=actors[0]))
    entered(fund, actors[0], "1")
    refused("amount", lambda: withdraw_donation(**take_back, actor=actors[1]))


def test_whoever_stays_anonymous_leaves_nothing(fund, actors, member):
    gift = given(fund, actors[0], member_id=member.pk, donor_name="雷有难")
    gift.refresh_from_db()
    assert (gift.member, gift.unit, gift.donor_name, gift.donor) == (
        None,
        None,
        "",
        "匿名",
    )


def test_what_is_missing_is_told(fund, actors):
    def give(**changes):
        return lambda: given(fund, actors[0], **changes)

    refused("member", give(kind="member"))
    refused("unit", give(kind="unit"))
    refused("donor_name", give(kind="resident"))
    refused("donor_name", give(kind="inflow"))
    refused("item", give(form="goods"))
    refused("quantity", give(form="goods", item="米"))
    refused("measure", give(form="goods", item="米", quantity=1))
    # Rice written down as money could be paid out.
    refused("form", give(item="米", quantity=1))
    refused("amount", give(amount="0"))
    refused("amount", give(amount="-5"))
    refused("amount", give(amount="0.001"))
    refused("amount", give(amount="100000000"))
    refused("amount", give(amount="Infinity"))
    refused("quantity", give(form="goods", item="米", quantity=10**30, measure="袋"))
    refused("donated_on", give(donated_on=date(2019, 1, 1)))
    tomorrow = timezone.localdate() + timedelta(days=1)
    refused("donated_on", give(donated_on=tomorrow))
    with pytest.raises(Member.DoesNotExist):
        given(fund, actors[0], kind="member", member_id=987654321)


def test_a_form_sent_twice_gives_one_receipt(fund, actors):
    facts = DonationFacts("anonymous", "money", Decimal(5), timezone.localdate())
    key = uuid4()
    first, second = (
        record_donation(fund_id=fund.pk, facts=facts, actor=actors[0], request_id=key)
        for _ in range(2)
    )
    assert first == second


# Drives ------------------------------------------------------------------------------


def test_a_drive_is_published_when_it_is_over_and_again_after_a_correction(
    fund, actors
):
    today = timezone.localdate()
    first, last = today - timedelta(days=30), today - timedelta(days=3)
    drive = drive_of(fund, actors[0], first, last)
    refused("donated_on", lambda: given(fund, actors[0], drive=drive))
    gift = given(fund, actors[0], "30", drive=drive, donated_on=last)

    def publish(on=today):
        return publish_drive(
            drive_id=drive.pk,
            published_on=on,
            published_where="公示栏",
            actor=actors[0],
        )

    refused("published_on", lambda: publish(first))
    publish()
    refused("drive", lambda: given(fund, actors[0], drive=drive, donated_on=last))
    withdraw_donation(donation_id=gift.pk, reason="填错", actor=actors[1])
    assert AidDrive.objects.get().published_on is None


def test_what_was_given_for_a_drive_is_all_that_goes_out_for_it(fund, actors):
    today = timezone.localdate()
    drive = drive_of(fund, actors[0], today, today)
    given(fund, actors[0], "50", drive=drive, kind="resident", donor_name="王某")
    refused("amount", lambda: entered(fund, actors[0], "50.01", drive_id=drive.pk))
    paid(fund, actors, "50", drive_id=drive.pk)
    found = AidDrive.objects.with_money().get()
    assert (found.came, found.left, found.paid) == (50, 0, 50)
    assert (found.from_resident, found.from_member, found.helped) == (1, 0, 1)


# Payments ----------------------------------------------------------------------------


def test_a_payment_is_reserved_on_entry_and_confirmed_by_somebody_else(fund, actors):
    payment = entered(fund, actors[0], "300")
    assert (money(fund).reserved, money(fund).balance) == (300, 700)
    refused(
        "second_person",
        lambda: confirm_payment(payment_id=payment.pk, actor=actors[0]),
    )
    confirm_payment(payment_id=payment.pk, actor=actors[1])
    assert (money(fund).reserved, money(fund).paid) == (0, 300)
    refused("state", lambda: confirm_payment(payment_id=payment.pk, actor=actors[1]))
    # Nor by a way around the services.
    with pytest.raises(IntegrityError), transaction.atomic():
        AidPayment.objects.filter(pk=payment.pk).update(confirmed_by=actors[0])
    take_back = {"payment_id": payment.pk, "reason": "退款"}
    refused("second_person", lambda: withdraw_payment(**take_back, actor=actors[0]))
    withdraw_payment(**take_back, actor=actors[1])
    assert money(fund).balance == 1000


def test_no_payment_above_what_is_left(fund, actors):
    entered(fund, actors[0], "999.99")
    said = refused("amount", lambda: entered(fund, actors[0], "0.02", voucher="记2"))
    assert "只剩 0.01 元" in said
    refused("voucher", lambda: entered(fund, actors[0], "0.01"))


def test_balances_are_the_sum_of_entries_whatever_happens(fund, actors):
    """Against a count by hand, after each of many steps; never below nothing."""
    random = Random(11)
    for turn in range(50):
        amount = str(Decimal(random.randint(1, 30000)) / 100)
        voucher = f"记{turn}"
        try:
            step = random.randrange(6)
            if step == 0:
                given(fund, actors[0], amount)
            elif step == 1:
                goods(fund, actors[0], amount, quantity=random.randint(1, 9))
            elif step == 2:
                entered(fund, actors[0], amount, voucher=voucher)
            elif step == 3:
                lot = fund.donations.goods().order_by("?").first()
                entered(
                    fund,
                    actors[0],
                    None,
                    voucher=voucher,
                    lot_id=lot.pk if lot else 0,
                    quantity=random.randint(1, 5),
                )
            else:
                _settle(fund, actors, random, step)
        except (RuleError, Donation.DoesNotExist):
            pass
        _check_against_entries(fund)


def _settle(fund, actors, random, step):
    payment = fund.payments.standing().order_by("?").first()
    if payment is not None and step == 4:
        confirm_payment(payment_id=payment.pk, actor=actors[1])
    elif payment is not None and random.random() < 0.7:
        withdraw_payment(payment_id=payment.pk, reason="错", actor=actors[1])
    else:
        gift = fund.donations.standing().order_by("?").first()
        if gift is not None:
            withdraw_donation(donation_id=gift.pk, reason="错", actor=actors[1])


def _check_against_entries(fund):
    found = money(fund)
    gifts, payments = fund.donations.standing(), fund.payments.standing()
    amounts = [row.amount for row in gifts.filter(form="money")]
    amounts += [-row.amount for row in payments.filter(lot=None)]
    Random(len(amounts)).shuffle(amounts)
    assert found.balance == sum(amounts, Decimal(0))
    assert found.balance >= 0
    for lot in gifts.goods().with_left():
        out = list(payments.filter(lot=lot))
        assert lot.left == lot.quantity - sum(row.quantity for row in out)
        assert lot.value_left == lot.amount - sum(row.amount for row in out)
        assert lot.left >= 0
        assert (lot.left == 0) == (lot.value_left == 0)
    serials = sorted(fund.donations.values_list("serial", flat=True))
    assert serials == list(range(1, len(serials) + 1))


def test_goods_go_out_by_the_piece_and_never_more_than_there_are(fund, actors):
    lot = goods(fund, actors[0], "100", quantity=3)
    take = {"amount": None, "lot_id": lot.pk}
    first = entered(fund, actors[0], voucher="领1", quantity=1, **take)
    assert first.amount == Decimal("33.33")
    refused(
        "quantity",
        lambda: entered(fund, actors[0], voucher="领2", quantity=3, **take),
    )
    last = entered(fund, actors[0], voucher="领2", quantity=2, **take)
    assert last.amount == Decimal("66.67")
    assert (money(fund).balance, money(fund).stock_value) == (1000, 0)
    refused(
        "spent",
        lambda: withdraw_donation(donation_id=lot.pk, reason="错", actor=actors[1]),
    )


def test_the_last_pieces_are_always_worth_something(fund, actors):
    lot = goods(fund, actors[0], "0.02", quantity=4)

    def give(quantity):
        return entered(
            fund,
            actors[0],
            None,
            voucher=f"领{quantity}",
            lot_id=lot.pk,
            quantity=quantity,
        )

    assert "一次发完" in refused("quantity", lambda: give(1))
    assert give(3).amount == Decimal("0.01")
    # Nothing is left over that could never be given out.
    assert give(1).amount == Decimal("0.01")


def test_a_choice_of_another_account_is_refused_in_words(fund, actors, community_a):
    other = opened(community_a, actors[0], "另一个账户")
    today = timezone.localdate()
    drive, lot = drive_of(other, actors[0], today, today), goods(other, actors[0])
    refused("drive", lambda: entered(fund, actors[0], drive_id=drive.pk))
    take = {"lot_id": lot.pk, "quantity": 1}
    refused("lot", lambda: entered(fund, actors[0], None, **take))
    refused("lot", lambda: entered(fund, actors[0], "5", quantity=1))


# Members in difficulty ---------------------------------------------------------------


def test_a_confirmed_payment_stands_in_the_members_case(fund, case, member, actors):
    payment = to_member(fund, member, actors[0], "600", visitors="社区书记")
    assert payment.case == case
    assert not HardshipAid.objects.exists()
    confirm_payment(payment_id=payment.pk, actor=actors[1])
    aid = HardshipAid.objects.get()
    assert (aid.amount, aid.voucher_number, aid.kind) == (600, "记1", "慰问金")
    assert (aid.recorded_by, aid.is_visit) == (actors[0], True)
    # It is taken back where it was paid, and only there.
    refused("words", lambda: withdraw_aid(aid_id=aid.pk, words="错", actor=actors[0]))
    withdraw_payment(payment_id=payment.pk, reason="退款", actor=actors[1])
    assert not HardshipAid.objects.counted().exists()


def test_aid_that_stands_in_a_case_is_paid_without_typing_it_again(
    fund, case, member, actors, branch_secretary
):
    aid = helped(case, branch_secretary, amount=Decimal(400), voucher_number="记8")
    payment = pay_recorded_aid(fund_id=fund.pk, aid_id=aid.pk, actor=actors[0])
    assert (payment.amount, payment.voucher, payment.paid_on) == (
        400,
        "记8",
        aid.given_on,
    )
    refused(
        "fund",
        lambda: pay_recorded_aid(fund_id=fund.pk, aid_id=aid.pk, actor=actors[0]),
    )
    confirm_payment(payment_id=payment.pk, actor=actors[1])
    withdraw_payment(payment_id=payment.pk, reason="退款", actor=actors[1])
    assert HardshipAid.objects.counted().get() == aid


def test_rules_of_aid_hold_for_payments(
    fund, case, member, actors, branch_secretary, hardship_officer
):
    refused("kind", lambda: to_member(fund, member, actors[0], kind=""))
    early = case.recognized_on - timedelta(days=1)
    refused("urgent_reason", lambda: to_member(fund, member, actors[0], paid_on=early))
    helped(case, branch_secretary, voucher_number="记5")
    refused("voucher", lambda: to_member(fund, member, actors[0], voucher="记5"))
    payment = to_member(fund, member, actors[0])
    end_case(
        case_id=case.pk,
        ended_on=timezone.localdate(),
        reason="relieved",
        words="好转",
        version=None,
        actor=hardship_officer,
    )
    refused("state", lambda: confirm_payment(payment_id=payment.pk, actor=actors[1]))


def test_a_member_without_a_case_is_helped_as_well(fund, member, actors, branch_b1):
    payment = to_member(fund, member, actors[0], kind="")
    confirm_payment(payment_id=payment.pk, actor=actors[1])
    assert not HardshipAid.objects.exists()
    elsewhere = MemberFactory(branch=branch_b1)
    refused("fund", lambda: to_member(fund, elsewhere, actors[1], voucher="记2"))


def test_staff_keep_and_confirm_but_help_nobody_whom_they_may_not_know(
    community_a, committee_staff, community_secretary, member, case
):
    fund = funded(community_a, committee_staff)
    with pytest.raises(Member.DoesNotExist):
        to_member(fund, member, committee_staff)
    with pytest.raises(PermissionDenied):
        entered(fund, committee_staff)
    payment = to_member(fund, member, community_secretary)
    confirm_payment(payment_id=payment.pk, actor=committee_staff)
    assert HardshipAid.objects.get().recorded_by == community_secretary
    events = AuditEvent.objects.filter(action="mutual_saved")
    assert events.first().details["amount"] == "100.00"
    said = "".join(f"{e.target_label}{e.details}" for e in AuditEvent.objects.all())
    assert member.name not in said


def test_others_see_nothing(fund, actors, branch_secretary, secretary_b):
    payment = entered(fund, actors[0])
    for user in (branch_secretary, secretary_b):
        for model in (AidFund, Donation, AidPayment):
            assert not model.objects.visible_to(user).exists()
        with pytest.raises(AidFund.DoesNotExist):
            given(fund, user)
        with pytest.raises(AidPayment.DoesNotExist):
            confirm_payment(payment_id=payment.pk, actor=user)
