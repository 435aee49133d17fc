"""Funds say that figures changed, for every month of their year."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from organizations.services.fund_payments import withdraw_payment
from organizations.services.funds import (
    LineFacts,
    amend_line,
    close_year,
    withdraw_receipt,
)
from reports import layout
from tests.organizations.fund_steps import budgeted, came, entered, paid

pytestmark = pytest.mark.django_db


def test_every_step_of_money(tree, months, holds, committee_staff, community_secretary):
    actors, place = (committee_staff, community_secretary), tree[1]
    year = months[-2].start.year
    last = date(year, 12, 20)
    with time_machine.travel(f"{last}T10:00:00+08:00", tick=False):
        line = budgeted(place, actors[0], year=year)
    holds()
    with time_machine.travel(f"{last}T10:00:00+08:00", tick=False):
        came(line, actors[0], "1000.50", day=date(year, 2, 3))
        second = came(line, actors[0], "200", kind="returned", day=date(year, 6, 3))
    holds()
    with time_machine.travel(f"{last}T10:00:00+08:00", tick=False):
        payment = paid(line, actors, "300.25", day=date(year, 3, 3))
        entered(line, actors[0], "1", voucher="记2", day=date(year, 3, 4))
    holds()
    with time_machine.travel(f"{last}T10:00:00+08:00", tick=False):
        withdraw_payment(payment_id=payment.pk, reason="错", actor=actors[1])
        withdraw_payment(
            payment_id=line.payments.waiting().get().pk, reason="错", actor=actors[0]
        )
        amend_line(
            line_id=line.pk,
            facts=LineFacts("finance", line.name, Decimal("5")),
            reason="压减",
            actor=actors[0],
        )
    holds()
    with time_machine.travel(f"{last}T10:00:00+08:00", tick=False):
        withdraw_receipt(receipt_id=second.pk, reason="错", actor=actors[0])
        close_year(organization_id=place.pk, year=year, actor=actors[0])
    holds()


def test_what_a_member_gets_is_shown_and_nothing_of_nobody():
    column = {"kind": "per", "keys": ["money", "people"]}
    assert layout.shown(column, {"money": 100050, "people": 8}) == "125.06"
    assert layout.shown(column, {"money": 100050}) == "—"
