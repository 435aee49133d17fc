"""Steps that tests of mutual aid share."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from config.lib.errors import RuleError
from members.services.aid_payments import (
    PaymentFacts,
    confirm_payment,
    enter_member_payment,
    enter_payment,
)
from members.services.donations import DonationFacts, record_donation
from members.services.mutual import DriveFacts, FundFacts, add_drive, open_fund

OPENED = date(2020, 1, 1)


def opened(place, actor, name="党员互助金"):
    facts = FundFacts(name, OPENED, steering="社区党委和居民代表")
    return open_fund(organization_id=place.pk, facts=facts, actor=actor)


def given(fund, actor, amount="1000", *, kind="anonymous", drive=None, **changes):
    values = {
        "donor_kind": kind,
        "form": "money",
        "amount": Decimal(amount),
        "donated_on": timezone.localdate(),
    }
    return record_donation(
        fund_id=fund.pk,
        facts=DonationFacts(**values | changes),
        drive_id=drive.pk if drive else None,
        actor=actor,
    )


def goods(fund, actor, amount="1000", *, quantity=20, **changes):
    return given(
        fund,
        actor,
        amount,
        form="goods",
        item="大米",
        quantity=quantity,
        measure="袋",
        **changes,
    )


def funded(place, actor, amount="1000"):
    fund = opened(place, actor)
    given(fund, actor, amount)
    return fund


def payment_facts(amount, voucher, **changes):
    values = {
        "paid_on": timezone.localdate(),
        "voucher": voucher,
        "amount": None if amount is None else Decimal(amount),
        "words": "家中失火",
    }
    return PaymentFacts(**values | changes)


def entered(fund, actor, amount="100", *, voucher="记1", kind="household", **changes):
    return enter_payment(
        fund_id=fund.pk,
        recipient_kind=kind,
        recipient="三号楼一户",
        facts=payment_facts(amount, voucher, **changes),
        actor=actor,
    )


def paid(fund, actors, amount="100", **changes):
    payment = entered(fund, actors[0], amount, **changes)
    return confirm_payment(payment_id=payment.pk, actor=actors[1])


def to_member(fund, member, actor, amount="100", *, voucher="记1", **changes):
    return enter_member_payment(
        fund_id=fund.pk,
        member_id=member.pk,
        facts=payment_facts(amount, voucher, **{"kind": "慰问金"} | changes),
        actor=actor,
    )


def drive_of(fund, actor, starts_on, ends_on, name="共产党员献爱心"):
    facts = DriveFacts(name, "救助困难党员和群众", starts_on, ends_on)
    return add_drive(fund_id=fund.pk, facts=facts, actor=actor)


def refused(code, work):
    with pytest.raises(RuleError) as refusal:
        work()
    assert refusal.value.code == code
    return refusal.value.text
