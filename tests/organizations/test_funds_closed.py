"""Funds of an organization that was closed: nothing is booked, the year is closed."""

from time import sleep

import pytest
import time_machine
from django.urls import reverse

from config.lib.errors import RuleError
from organizations.models import FundLine, FundYear
from organizations.services import funds
from organizations.services.funds import close_year
from organizations.services.structure import close_organization
from tests.organizations.fund_steps import TODAY, budgeted, came, entered, funded
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=False):
        yield TODAY


def closed(organization, actor):
    return close_organization(
        organization_id=organization.pk, on_date=TODAY, reason="撤并", actor=actor
    )


def test_nothing_is_booked_and_the_year_is_closed(branch_b1, committee_staff):
    line = funded(branch_b1, committee_staff)
    came(line, committee_staff, "1000", kind="returned")
    closed(branch_b1, committee_staff)
    for write in (
        lambda: came(line, committee_staff),
        lambda: entered(line, committee_staff, "1"),
        lambda: budgeted(branch_b1, committee_staff, name="另一条"),
    ):
        with pytest.raises(RuleError, match="已撤销") as refused:
            write()
        assert refused.value.code == "organization"
    close_year(organization_id=branch_b1.pk, year=2026, actor=committee_staff)
    assert FundYear.objects.get().is_closed


def test_what_is_left_all_the_same_is_carried_over(branch_b1, committee_staff):
    funded(branch_b1, committee_staff)
    type(branch_b1).objects.filter(pk=branch_b1.pk).update(closed_on=TODAY)
    close_year(organization_id=branch_b1.pk, year=2026, actor=committee_staff)
    following = FundLine.objects.with_money().get(fund_year__year=2027)
    assert following.balance == 1000


def test_its_page_offers_the_closing_alone(branch_b1, committee_staff, client_for):
    line = budgeted(branch_b1, committee_staff)
    closed(branch_b1, committee_staff)
    staff = client_for(committee_staff)
    page = staff.get(line.fund_year.get_absolute_url()).content.decode()
    assert "年结并结转" in page
    assert "编制预算</a>" not in page
    assert "登记付款" not in staff.get(line.get_absolute_url()).content.decode()
    asked = reverse("organizations:fund-year-close", args=[branch_b1.pk, 2026])
    done = staff.post(asked, follow=True)
    assert done.redirect_chain[0][0] == line.fund_year.get_absolute_url()
    assert "年结并结转" not in done.content.decode()


@needs_server
@pytest.mark.django_db(transaction=True)
def test_an_entry_made_while_the_organization_closes(
    branch_b1, committee_staff, monkeypatch
):
    line = budgeted(branch_b1, committee_staff)
    look = funds._signed_amount

    def look_and_wait(*asked):
        found = look(*asked)
        # Without the lock the closing would count before this has written.
        sleep(0.5)
        return found

    monkeypatch.setattr(funds, "_signed_amount", look_and_wait)

    def work(number):
        if number:
            closed(branch_b1, committee_staff)
            return "closed"
        came(line, committee_staff)
        return "came"

    results = set(race(work, 2))
    assert results in ({"closed", "organization"}, {"came", "has_funds"})
