"""Money of organizations: never overdrawn, two people, closed once."""

from collections import Counter
from datetime import date
from decimal import Decimal
from random import Random

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations.models import (
    AuditEvent,
    FundLine,
    FundPayment,
    FundProject,
    FundReceipt,
    FundYear,
    StoredFile,
)
from organizations.services.fund_payments import (
    PaymentFacts,
    confirm_payment,
    enter_payment,
    withdraw_payment,
)
from organizations.services.fund_projects import stop_project, take_step_back
from organizations.services.funds import (
    LineFacts,
    add_line,
    amend_line,
    close_year,
    withdraw_receipt,
)
from organizations.services.structure import close_organization
from tests.organizations.fund_steps import (
    TODAY,
    budgeted,
    came,
    entered,
    funded,
    paid,
    project_of,
    stepped,
    stepped_to,
    yuan,
)
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{TODAY}T10:00:00+08:00", tick=False):
        yield TODAY


@pytest.fixture
def actors(community_secretary, committee_staff):
    return community_secretary, committee_staff


@pytest.fixture
def line(community_a, actors):
    return funded(community_a, actors[0])


def money(line):
    return FundLine.objects.filter(pk=line.pk).with_money().get().money


def test_a_payment_is_reserved_on_entry_and_paid_on_confirmation(line, actors):
    payment = entered(line, actors[0], "300")
    assert (money(line).reserved, money(line).paid) == (yuan("300"), 0)
    confirm_payment(payment_id=payment.pk, actor=actors[1])
    assert (money(line).reserved, money(line).paid) == (0, yuan("300"))
    assert money(line).balance == yuan("700")


def test_no_payment_above_what_is_left(line, actors):
    entered(line, actors[0], "999.99")
    with pytest.raises(RuleError) as refused:
        entered(line, actors[0], "0.02", voucher="记2")
    assert "只剩 0.01 元" in refused.value.text
    entered(line, actors[0], "0.01", voucher="记3")
    assert money(line).free == 0


def test_nobody_confirms_what_he_entered(line, actors):
    payment = entered(line, actors[1])
    with pytest.raises(RuleError) as refused:
        confirm_payment(payment_id=payment.pk, actor=actors[1])
    assert refused.value.code == "second_person"
    confirm_payment(payment_id=payment.pk, actor=actors[0])
    with pytest.raises(RuleError):
        confirm_payment(payment_id=payment.pk, actor=actors[0])
    # Nor by a way around the services.
    with pytest.raises(IntegrityError), transaction.atomic():
        FundPayment.objects.filter(pk=payment.pk).update(confirmed_by=actors[1])


def test_a_withdrawn_payment_stays_with_its_reason_and_frees_its_money(line, actors):
    payment = paid(line, actors, "1000")
    with pytest.raises(RuleError):
        withdraw_payment(payment_id=payment.pk, reason="退款", actor=actors[0])
    withdraw_payment(payment_id=payment.pk, reason="退款", actor=actors[1])
    payment.refresh_from_db()
    assert (payment.state, payment.withdrawn_reason) == ("withdrawn", "退款")
    assert money(line).free == yuan("1000")
    event = AuditEvent.objects.filter(action="fund_saved").first()
    assert event.actor == actors[1]
    assert event.details["reason"] == "退款"
    assert event.details["amount"] == "1,000.00"
    assert "某商店" not in str(event.details) + event.target_label


def test_what_came_is_not_taken_back_once_it_is_spent(line, actors):
    paid(line, actors, "400")
    with pytest.raises(RuleError):
        came(line, actors[0], "601", kind="returned")
    with pytest.raises(RuleError):
        withdraw_receipt(
            receipt_id=line.receipts.get().pk, reason="错", actor=actors[0]
        )
    came(line, actors[0], "600", kind="returned")
    assert money(line).free == 0


def test_balances_are_the_sum_of_entries_whatever_happens(line, actors):
    """Against a count by hand, after each of many steps; never below nothing."""
    random, project = (
        Random(7),
        stepped_to(project_of(line, actors[0]), actors[0], "allotted"),
    )
    for turn in range(40):
        amount = str(Decimal(random.randint(1, 30000)) / 100)
        on = project if random.random() < 0.4 else None
        try:
            step = random.randrange(4)
            if step == 0:
                came(line, actors[0], amount)
            elif step == 1:
                entered(line, actors[0], amount, voucher=f"记{turn}", project=on)
            else:
                payment = line.payments.standing().order_by("?").first()
                if payment and step == 2:
                    confirm_payment(payment_id=payment.pk, actor=actors[1])
                elif payment:
                    withdraw_payment(
                        payment_id=payment.pk, reason="错", actor=actors[1]
                    )
        except RuleError:
            pass
        _check_against_entries(line)


def _check_against_entries(line):
    found = money(line)
    amounts = [row.amount for row in line.receipts.standing()]
    amounts += [-row.amount for row in line.payments.standing()]
    Random(len(amounts)).shuffle(amounts)
    assert found.balance == sum(amounts, Decimal(0))
    own = sum(
        (row.left for row in line.projects.with_money()),
        Decimal(0),
    )
    assert found.earmarked == own
    assert found.free >= 0
    assert own >= 0


def test_a_project_takes_every_step_in_turn_and_gives_back_what_is_left(line, actors):
    project = project_of(line, actors[0])
    with pytest.raises(RuleError) as refused:
        stepped(project, actors[0], "filed")
    assert "议：集体议定" in refused.value.text
    with pytest.raises(RuleError):
        entered(line, actors[0], project=project)
    project = stepped_to(project, actors[0], "allotted")
    assert money(line).free == yuan("500")
    with pytest.raises(RuleError):
        entered(line, actors[0], "500.01")
    with pytest.raises(RuleError):
        entered(line, actors[0], "500.01", project=project)
    project = stepped(project, actors[0], "carried_out")
    with pytest.raises(RuleError):
        stepped(project, actors[0], "paid")
    payment = entered(line, actors[0], "420", project=project)
    with pytest.raises(RuleError):
        stepped(project, actors[0], "paid")
    confirm_payment(payment_id=payment.pk, actor=actors[1])
    project = stepped(project, actors[0], "paid", "accepted")
    assert project.returned == yuan("80")
    assert money(line).free == yuan("580")
    project = stepped(project, actors[0], "published")
    assert project.published_on == TODAY


def test_a_step_goes_back_only_with_a_reason_and_stays_on_record(line, actors):
    project = stepped_to(project_of(line, actors[0]), actors[0], "allotted")
    with pytest.raises(RuleError):
        take_step_back(project_id=project.pk, reason=" ", actor=actors[0])
    version = project.version
    project = take_step_back(project_id=project.pk, reason="拨错", actor=actors[0])
    assert (project.stage, project.allotted) == ("filed", 0)
    assert money(line).free == yuan("1000")
    with pytest.raises(StaleError):
        take_step_back(
            project_id=project.pk, reason="再退", version=version, actor=actors[0]
        )
    project = stepped(project, actors[0], "allotted", amount="400")
    reasons = project.steps.filter(step="allotted").values_list("withdrawn_reason")
    assert sorted(reasons) == [("",), ("拨错",)]
    paid(line, actors, "10", project=project)
    with pytest.raises(RuleError):
        take_step_back(project_id=project.pk, reason="退", actor=actors[0])


def test_accepting_is_taken_back_only_while_the_money_is_there(line, actors):
    project = stepped_to(project_of(line, actors[0]), actors[0], "carried_out")
    paid(line, actors, "100", project=project)
    project = stepped(project, actors[0], "paid", "accepted")
    paid(line, actors, "900", voucher="记9")
    with pytest.raises(RuleError):
        take_step_back(project_id=project.pk, reason="重验", actor=actors[0])


def test_a_stopped_project_frees_its_money(line, actors):
    project = stepped_to(project_of(line, actors[0]), actors[0], "carried_out")
    payment = paid(line, actors, "100", project=project)
    stop_project(project_id=project.pk, reason="居民不同意", actor=actors[0])
    assert money(line).free == yuan("900")
    withdraw_payment(payment_id=payment.pk, reason="退款", actor=actors[1])
    assert money(line).free == yuan("1000")


def test_a_year_is_closed_once_and_carries_every_line_over(community_a, line, actors):
    project = stepped_to(project_of(line, actors[0]), actors[0], "carried_out")
    paid(line, actors, "120.50", project=project)
    empty = budgeted(community_a, actors[0], name="没有到账的")
    close_year(organization_id=community_a.pk, year=2026, actor=actors[0])
    with pytest.raises(RuleError):
        close_year(organization_id=community_a.pk, year=2026, actor=actors[0])
    assert money(line).balance == 0
    project.refresh_from_db()
    following = project.line
    assert following.fund_year.year == 2027
    assert money(following).balance == yuan("879.50")
    assert money(following).earmarked == yuan("379.50")
    assert not hasattr(empty, "carried_to")
    assert FundReceipt.objects.filter(kind="carried_in").count() == 1
    for write in (
        lambda: entered(line, actors[0]),
        lambda: came(line, actors[0]),
        lambda: budgeted(community_a, actors[0], name="另一条"),
        lambda: withdraw_receipt(
            receipt_id=line.receipts.first().pk, reason="错", actor=actors[0]
        ),
    ):
        with pytest.raises(RuleError):
            write()
    with time_machine.travel("2027-01-05T10:00:00+08:00", tick=False):
        paid(following, actors, "379.50", project=project, day=date(2027, 1, 5))
        assert money(following).free == yuan("500")


def test_a_year_with_waiting_payments_is_not_closed(community_a, line, actors):
    entered(line, actors[0])
    with pytest.raises(RuleError) as refused:
        close_year(organization_id=community_a.pk, year=2026, actor=actors[0])
    assert refused.value.code == "waiting"


def test_a_budget_is_changed_with_a_reason_and_both_amounts(line, actors):
    facts = LineFacts("finance", "为民服务专项", yuan("150000"))
    with pytest.raises(RuleError):
        amend_line(line_id=line.pk, facts=facts, reason="", actor=actors[0])
    amend_line(line_id=line.pk, facts=facts, reason="压减", actor=actors[0])
    event = AuditEvent.objects.filter(action="fund_saved").first()
    assert event.details["before"] == "200,000.00"
    assert event.details["after"] == "150,000.00"
    assert event.details["reason"] == "压减"


def test_a_form_sent_twice_records_once(community_a, line, actors):
    key = "6f1b6a0e-6a5e-4a40-8f0a-0d3a8f2f6d11"
    facts = PaymentFacts(TODAY, yuan("5"), "记8", "某店", "物资")
    first, second = (
        enter_payment(line_id=line.pk, facts=facts, actor=actors[0], request_id=key)
        for _ in range(2)
    )
    assert first == second
    # And a second form about the same voucher is told.
    with pytest.raises(RuleError) as refused:
        enter_payment(line_id=line.pk, facts=facts, actor=actors[0])
    assert refused.value.code == "voucher"


def test_others_see_nothing(
    line, actors, branch_secretary, hardship_officer, client_for
):
    scan = SimpleUploadedFile("发票.pdf", b"%PDF-1.4\n%%EOF")
    facts = PaymentFacts(TODAY, yuan("5"), "记8", "某店", "物资")
    payment = enter_payment(line_id=line.pk, facts=facts, scan=scan, actor=actors[0])
    for user in (branch_secretary, hardship_officer):
        assert not FundLine.objects.visible_to(user).exists()
        assert not FundPayment.objects.visible_to(user).exists()
        assert not StoredFile.objects.visible_to(user).exists()
        with pytest.raises(FundLine.DoesNotExist):
            entered(line, user, voucher="记99")
    assert StoredFile.objects.visible_to(actors[1]).get() == payment.scan


def test_an_organization_with_money_is_not_closed(community_b, committee_staff):
    line = funded(community_b, committee_staff)
    for child in community_b.children.all():
        child.delete()
    with pytest.raises(RuleError) as refused:
        close_organization(
            organization_id=community_b.pk,
            on_date=TODAY,
            reason="撤并",
            actor=committee_staff,
        )
    assert refused.value.code == "has_funds"
    came(line, committee_staff, "1000", kind="returned")
    close_organization(
        organization_id=community_b.pk,
        on_date=TODAY,
        reason="撤并",
        actor=committee_staff,
    )


def test_a_secretary_budgets_in_the_own_community_alone(
    community_b, community_secretary
):
    with pytest.raises((PermissionDenied, community_b.DoesNotExist)):
        add_line(
            organization_id=community_b.pk,
            year=2026,
            facts=LineFacts("finance", "专项", yuan("1")),
            actor=community_secretary,
        )


@needs_server
@pytest.mark.django_db(transaction=True)
def test_payments_at_the_same_time_never_overdraw(
    community_a, committee_staff, community_secretary
):
    line = funded(community_a, committee_staff, "1000")
    project = stepped_to(project_of(line, committee_staff), committee_staff, "allotted")

    def pay(number):
        on = project if number % 2 else None
        entered(line, committee_staff, "120", voucher=f"记{number}", project=on)
        return "entered"

    counted = Counter(race(pay, 12))
    assert counted == {"entered": 8, "amount": 4}
    found = money(line)
    assert (found.free, found.balance) == (yuan("20"), yuan("40"))


@needs_server
@pytest.mark.django_db(transaction=True)
def test_a_year_closed_by_many_is_carried_over_once(community_a, committee_staff):
    funded(community_a, committee_staff, "1000")

    def close(number):
        close_year(organization_id=community_a.pk, year=2026, actor=committee_staff)
        return "done"

    assert Counter(race(close, 6)) == {"done": 1, "closed": 5}
    assert FundReceipt.objects.filter(kind="carried_in").count() == 1
    assert FundYear.objects.count() == 2
    assert not FundProject.objects.exists()
