"""Services of dues: who is asked, what is marked, up to when it is paid."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.dues import asked_of
from members.models import Affiliation, DuesBase, DuesMonth, DuesStanding
from members.rules import dues as rules
from members.services.dues import (
    set_opening,
    withdraw_month,
)
from members.services.dues_rows import RowsError
from members.services.members import add_member
from members.services.merging import merge_members, undo_merge
from organizations.models import AuditEvent
from tests.factories.members import (
    AffiliationFactory,
    MemberFactory,
    synthetic_id_number,
)
from tests.members.dues_steps import ago, base, mark, paid_to, pay, staff_of, this_month
from tests.members.transfer_steps import received
from tests.races import needs_server, race

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(branch_a1):
    return [MemberFactory(branch=branch_a1) for _ in range(3)]


# Marking --------------------------------------------------------------------


def test_a_month_is_marked_for_all_who_paid_and_opens_the_ledger_of_the_rest(
    branch_a1, branch_secretary, people
):
    base(branch_a1, branch_secretary, ago(3), *people)
    done = mark(
        branch_a1,
        branch_secretary,
        ago(1),
        {people[0]: None, people[1]: Decimal("66.60")},
    )
    assert (done.new, done.known, done.total) == (2, 0, Decimal("106.60"))
    rows = DuesMonth.objects.order_by("member_id")
    assert [(row.due, row.paid) for row in rows] == [(40, 40), (40, Decimal("66.6"))]
    assert [paid_to(person) for person in people] == [ago(1), ago(1), ago(2)]
    event = AuditEvent.objects.get(action="dues_marked")
    assert event.details == {"month": f"{ago(1):%Y-%m}", "count": 2}


def test_a_second_submit_doubles_nothing(branch_a1, branch_secretary, people):
    payments = dict.fromkeys(people, Decimal(5))
    mark(branch_a1, branch_secretary, ago(1), payments)
    again = mark(branch_a1, branch_secretary, ago(1), payments | {people[0]: 9})
    assert (again.new, again.known, again.total) == (0, 3, 0)
    assert DuesMonth.objects.count() == 3


def test_one_who_pays_too_little_stops_the_whole_form(
    branch_a1, branch_secretary, people
):
    base(branch_a1, branch_secretary, ago(2), people[0])
    with pytest.raises(RowsError) as refused:
        mark(
            branch_a1,
            branch_secretary,
            ago(1),
            {people[0]: Decimal(1), people[1]: None, people[2]: Decimal(5)},
        )
    assert "第七条" in refused.value.rows[people[0].pk]
    assert "还没有核定" in refused.value.rows[people[1].pk]
    assert people[2].pk not in refused.value.rows
    assert not DuesMonth.objects.exists()


def test_whoever_is_not_asked_is_left_out(branch_a1, branch_b1, branch_secretary):
    month = ago(1)
    elsewhere = MemberFactory(branch=branch_b1)
    suspended = MemberFactory(branch=branch_a1, status="suspended")
    late = MemberFactory()
    AffiliationFactory(member=late, organization=branch_a1, starts_on=this_month())
    joined = MemberFactory(branch=branch_a1, joined_on=this_month(), confirmed_on=None)
    guest = MemberFactory()
    AffiliationFactory(member=guest, organization=branch_a1, kind="co_managed")
    settled = MemberFactory(branch=branch_a1)
    DuesStanding.objects.create(member=settled, opened_to=month, paid_to=month)
    everybody = [elsewhere, suspended, late, joined, guest, settled]
    assert not asked_of(branch_a1, month).exists()
    done = mark(
        branch_a1, branch_secretary, month, dict.fromkeys(everybody, Decimal(5))
    )
    assert done.new == 0
    assert not DuesMonth.objects.exists()


def test_marking_fifty_costs_no_more_statements_than_marking_two(
    branch_a1, branch_secretary, people, django_assert_max_num_queries
):
    with django_assert_max_num_queries(30) as two:
        mark(branch_a1, branch_secretary, ago(2), dict.fromkeys(people, Decimal(5)))
    people += MemberFactory.create_batch(50, branch=branch_a1)
    with django_assert_max_num_queries(len(two)):
        mark(branch_a1, branch_secretary, ago(1), dict.fromkeys(people, Decimal(5)))
    assert DuesMonth.objects.count() == 56


def test_another_branch_and_another_day_are_refused(
    branch_a1, branch_secretary, secretary_b, people
):
    payments = {people[0]: Decimal(5)}
    with pytest.raises(type(branch_a1).DoesNotExist):
        mark(branch_a1, secretary_b, ago(1), payments)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(RuleError, match="交纳日期不能晚于今天"):
        mark(branch_a1, branch_secretary, ago(1), payments, paid_on=tomorrow)
    with pytest.raises(RuleError, match="最多预交12个月"):
        mark(branch_a1, branch_secretary, ago(-13), payments)
    with pytest.raises(Affiliation.DoesNotExist):
        pay(people[0], secretary_b, ago(1), ago(1))


def test_the_co_managing_branch_may_not_write_dues(
    branch_a1, branch_b1, secretary_b, people
):
    AffiliationFactory(member=people[0], organization=branch_b1, kind="co_managed")
    with pytest.raises(Affiliation.DoesNotExist):
        pay(people[0], secretary_b, ago(1), ago(1))
    base(branch_a1, staff_of(branch_a1), ago(1), people[0])
    assert not DuesBase.objects.visible_to(secretary_b).exists()
    assert not DuesStanding.objects.visible_to(secretary_b).exists()


# One person -----------------------------------------------------------------


def test_months_behind_are_paid_up_and_one_withdrawn_leaves_a_gap(
    branch_a1, branch_secretary, people
):
    member = people[0]
    mark(branch_a1, branch_secretary, ago(6), {member: Decimal(5)})
    assert rules.behind(paid_to(member), timezone.localdate()) == 5
    assert pay(member, branch_secretary, ago(6), ago(1)) == 5
    assert paid_to(member) == ago(1)
    row = DuesMonth.objects.get(member=member, month=ago(3))
    withdraw_month(row_id=row.pk, actor=branch_secretary)
    withdraw_month(row_id=row.pk, actor=branch_secretary)
    assert paid_to(member) == ago(4)
    assert AuditEvent.objects.filter(action="dues_withdrawn").count() == 1
    assert pay(member, branch_secretary, ago(3), ago(-2)) == 4
    assert paid_to(member) == ago(-2)


def test_nobody_pays_before_joining(branch_a1, branch_secretary):
    joined = date(ago(3).year, ago(3).month, 20)
    member = MemberFactory(branch=branch_a1, joined_on=joined, confirmed_on=None)
    with pytest.raises(RuleError, match="第八条"):
        pay(member, branch_secretary, ago(4), ago(1))
    pay(member, branch_secretary, ago(3), ago(1))


def test_the_book_on_paper_begins_the_ledger(branch_a1, branch_secretary, people):
    member = people[0]
    standing = set_opening(
        member_id=member.pk, opened_to=ago(8), words="党费证", actor=branch_secretary
    )
    assert (standing.paid_to, standing.version) == (ago(8), 2)
    pay(member, branch_secretary, ago(5), ago(5))
    assert paid_to(member) == ago(8)
    with pytest.raises(StaleError):
        set_opening(
            member_id=member.pk,
            opened_to=ago(6),
            words="党费证",
            version=1,
            actor=branch_secretary,
        )
    set_opening(
        member_id=member.pk,
        opened_to=ago(6),
        words="党费证",
        version=2,
        actor=branch_secretary,
    )
    assert paid_to(member) == ago(5)
    with pytest.raises(RuleError, match="已经交清"):
        pay(member, branch_secretary, ago(6), ago(4))
    with pytest.raises(RuleError, match="第八条"):
        set_opening(
            member_id=member.pk,
            opened_to=date(1960, 1, 1),
            words="党费证",
            actor=branch_secretary,
        )


def test_a_new_member_pays_from_the_month_of_joining(branch_a1, branch_secretary):
    joined = ago(1)
    member = add_member(
        organization_id=branch_a1.pk,
        kind="on_roll",
        starts_on=joined,
        start_reason="new_member",
        actor=branch_secretary,
        id_number=synthetic_id_number(date(1990, 1, 1), 7),
        name="雷芳",
        ethnicity="Han",
        category="in_post",
        member_type="probationary",
        joined_on=joined,
    )
    assert paid_to(member) == ago(2)


def test_a_letter_from_outside_begins_the_ledger_where_it_ends(
    branch_a1, branch_secretary
):
    transfer = received(branch_a1, branch_secretary)
    assert paid_to(transfer.member) == transfer.dues_paid_to


# What is paid from ----------------------------------------------------------


def test_records_that_become_one_keep_one_ledger_and_can_part_again(
    branch_a1, branch_secretary, committee_staff, people
):
    kept, gone, _ = people
    base(branch_a1, branch_secretary, ago(6), kept, gone)
    pay(kept, branch_secretary, ago(5), ago(4), each=None)
    pay(gone, branch_secretary, ago(4), ago(2), each=None)
    merge = merge_members(
        kept_id=kept.pk, gone_id=gone.pk, taken=(), actor=committee_staff
    )
    assert paid_to(kept) == ago(2)
    assert DuesBase.objects.counted().filter(member=kept).count() == 1
    undo_merge(merge_id=merge.pk, actor=committee_staff)
    assert (paid_to(kept), paid_to(gone)) == (ago(4), ago(2))
    assert DuesMonth.objects.counted().filter(member=gone).count() == 3
    assert DuesBase.objects.counted().filter(member=gone).count() == 1


# At once --------------------------------------------------------------------


@needs_server
@pytest.mark.django_db(transaction=True)
def test_ten_submits_at_once_mark_a_month_once(branch_a1, branch_secretary):
    people = MemberFactory.create_batch(5, branch=branch_a1)
    payments = dict.fromkeys(people, Decimal(5))

    def run(number):
        marked = mark(branch_a1, branch_secretary, ago(1), payments).new
        pay(people[0], branch_secretary, ago(0), ago(0))
        return marked

    results = race(run, count=10)
    assert Counter(results) == {5: 1, 0: 9}
    assert DuesMonth.objects.count() == 6
    assert DuesStanding.objects.count() == 5
