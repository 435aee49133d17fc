"""Accounts of mutual aid: opened once, amended within what they hold, closed empty."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from members.services.aid_payments import (
    confirm_payment,
)
from members.services.mutual import (
    FundFacts,
    amend_fund,
    close_fund,
    publish_drive,
)
from organizations.services.structure import close_organization
from tests.members.mutual_steps import (
    drive_of,
    entered,
    funded,
    given,
    opened,
    paid,
    refused,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def actors(community_secretary, hardship_officer):
    return community_secretary, hardship_officer


@pytest.fixture
def fund(community_a, actors):
    return funded(community_a, actors[0])


def test_an_account_is_closed_when_it_is_empty(fund, actors):
    refused(
        "closing", lambda: close_fund(fund_id=fund.pk, reason="并账", actor=actors[0])
    )
    payment = entered(fund, actors[0], "1000", kind="transfer")
    refused(
        "closing", lambda: close_fund(fund_id=fund.pk, reason="并账", actor=actors[0])
    )
    confirm_payment(payment_id=payment.pk, actor=actors[1])
    close_fund(fund_id=fund.pk, reason="并账", actor=actors[0])
    refused("closed", lambda: given(fund, actors[0]))
    refused("closed", lambda: entered(fund, actors[0], voucher="记2"))


def test_an_account_does_not_close_over_a_drive_nobody_was_told_of(fund, actors):
    day = timezone.localdate() - timedelta(days=1)
    drive = drive_of(fund, actors[0], day, day)
    given(fund, actors[0], "5", drive=drive, donated_on=day)
    paid(fund, actors, "1005", kind="transfer")

    def close():
        return close_fund(fund_id=fund.pk, reason="并账", actor=actors[0])

    assert drive.name in refused("closing", close)
    publish_drive(
        drive_id=drive.pk, published_on=day, published_where="公示栏", actor=actors[0]
    )
    assert close().closed_on


def test_an_account_does_not_open_after_what_it_holds(fund, actors):
    day = date(2024, 5, 1)
    entered(fund, actors[0], "5", paid_on=day)

    def amend(opened_on):
        facts = FundFacts(fund.name, opened_on)
        return amend_fund(fund_id=fund.pk, facts=facts, actor=actors[0])

    refused("opened_on", lambda: amend(day + timedelta(days=1)))
    assert amend(day).opened_on == day


def test_one_name_is_one_account(fund, community_a, actors):
    refused("name", lambda: opened(community_a, actors[0]))


def test_an_organization_with_mutual_aid_is_not_closed(community_b, committee_staff):
    fund = opened(community_b, committee_staff)
    for child in community_b.children.all():
        child.delete()
    close = {
        "organization_id": community_b.pk,
        "on_date": timezone.localdate(),
        "reason": "撤并",
        "actor": committee_staff,
    }
    refused("has_mutual_aid", lambda: close_organization(**close))
    close_fund(fund_id=fund.pk, reason="撤并", actor=committee_staff)
    close_organization(**close)
