"""What dues are reckoned from: bases, reductions, rates."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.lib.errors import RuleError
from members.models import DuesBase, DuesMonth
from members.rules import dues as rules
from members.services.dues_bases import (
    Basis,
    reckon_again,
    set_bases,
    withdraw_reduction,
)
from members.services.dues_rows import RowsError
from organizations import parameters
from organizations.models import Job
from tests.factories.members import (
    MemberFactory,
)
from tests.factories.organizations import (
    OrganizationFactory,
)
from tests.members.dues_steps import ago, base, mark, reduce, staff_of, this_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(branch_a1):
    return [MemberFactory(branch=branch_a1) for _ in range(3)]


def test_a_base_holds_from_its_month_and_the_paid_months_stay(
    branch_a1, branch_secretary, people
):
    member = people[0]
    assert base(branch_a1, branch_secretary, ago(5), member, value="3000") == 1
    mark(branch_a1, branch_secretary, ago(4), {member: None})
    base(branch_a1, branch_secretary, ago(4), member, value="20000")
    mark(branch_a1, branch_secretary, ago(3), {member: None})
    sums = dict(DuesMonth.objects.values_list("month", "paid"))
    assert sums == {ago(4): 15, ago(3): 400}
    assert base(branch_a1, branch_secretary, ago(2), member, value="20000") == 0
    stored = DuesBase.objects.values_list("base", flat=True)
    assert set(stored) == {"3000", "20000"}


def test_the_base_is_sealed_in_the_database(branch_a1, branch_secretary, people):
    base(branch_a1, branch_secretary, ago(1), people[0], value="7654.32")
    with connection.cursor() as cursor:
        cursor.execute("SELECT base FROM members_duesbase")
        assert "7654" not in cursor.fetchone()[0]


def test_a_table_is_saved_whole_or_not_at_all(branch_a1, branch_secretary, people):
    bases = {
        people[0].pk: Basis("retired", Decimal(4000)),
        people[1].pk: Basis("farmer", Decimal(3)),
        people[2].pk: Basis("reduced", Decimal(0)),
    }
    with pytest.raises(RowsError) as refused:
        set_bases(
            organization_id=branch_a1.pk,
            month=this_month(),
            bases=bases,
            actor=branch_secretary,
        )
    assert set(refused.value.rows) == {people[1].pk, people[2].pk}
    assert not DuesBase.objects.exists()


def test_somebody_else_set_it_meanwhile(branch_a1, branch_secretary, people):
    base(branch_a1, branch_secretary, ago(1), people[0])
    with pytest.raises(RowsError) as refused:
        set_bases(
            organization_id=branch_a1.pk,
            month=ago(1),
            bases={people[0].pk: Basis("retired", Decimal(4000), None)},
            actor=branch_secretary,
        )
    assert "刚刚被别人" in refused.value.rows[people[0].pk]


def test_a_reduction_ends_by_itself_and_can_be_taken_back(
    branch_a1, branch_secretary, people
):
    member = people[0]
    base(branch_a1, branch_secretary, ago(6), member)
    row = reduce(member, branch_secretary, ago(3), ago(2))
    assert reduce(member, branch_secretary, ago(3), ago(2)).pk == row.pk
    assert _dues(member, 6) == [40, 40, 40, 0, 0, 40, 40]
    with pytest.raises(RowsError) as refused:
        base(branch_a1, branch_secretary, ago(2), member, value="9000")
    assert "经批准少交或免交至" in refused.value.rows[member.pk]
    with pytest.raises(RuleError, match="已经登记过"):
        reduce(member, branch_secretary, ago(2), ago(1))
    withdraw_reduction(row_id=row.pk, actor=branch_secretary)
    assert _dues(member, 6) == [40] * 7
    assert DuesBase.objects.counted().count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "第七条"),
        ({"approver": ""}, "上一级党委批准"),
        ({"monthly": Decimal(-1)}, "不能是负数"),
        ({"first": date(2026, 3, 1), "last": date(2026, 2, 1)}, "不能早于"),
    ],
)
def test_a_reduction_needs_reason_approval_and_months(
    changes, words, branch_secretary, people
):
    months = {"first": date(2026, 1, 1), "last": date(2026, 2, 1)}
    with pytest.raises(RuleError, match=words):
        reduce(people[0], branch_secretary, **(months | changes))


def _dues(member, months):
    found = []
    for number in range(months, -1, -1):
        rows = DuesBase.objects.in_force(ago(number)).filter(member=member)
        assert len(rows) <= 1
        found.append(rows[0].monthly if rows else None)
    return found


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["base", "base", "reduce", "withdraw"]),
        st.integers(0, 8),
        st.integers(0, 4),
    ),
    max_size=8,
)


class BaseProperties(TestCase):
    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(CHANGES)
    def test_one_base_holds_in_a_month_and_it_is_the_one_last_said(self, changes):
        branch = OrganizationFactory(kind="branch")
        actor = staff_of(branch)
        member = MemberFactory(branch=branch)
        naive = dict.fromkeys(range(12, -1, -1))  # by months ago
        for number, (what, back, length) in enumerate(changes, start=1):
            rows = DuesBase.objects.counted().filter(member=member)
            reduced = rows.filter(kind="reduced").first()
            later = [r.starts_on for r in rows if r.starts_on > ago(back)]
            last = min(later, default=ago(-1))
            try:
                if what == "base":
                    base(branch, actor, ago(back), member, value=str(100 * number))
                    span, due = _span(ago(back), last), Decimal(number) / 2
                elif what == "reduce":
                    end = ago(max(back - length, 0) - 1)
                    reduce(member, actor, ago(back), rules.step(end, -1))
                    span, due = _span(ago(back), end), Decimal(0)
                elif reduced is not None:
                    withdraw_reduction(row_id=reduced.pk, actor=actor)
                    span = _span(reduced.starts_on, reduced.ends_on)
                    found = {_dues(member, 12)[12 - n] for n in span}
                    assert len(found) == 1
                    due = found.pop()
                    assert due != 0
                else:
                    continue
            except RuleError:
                pass
            else:
                naive |= dict.fromkeys(span, due)
            assert _dues(member, 12) == list(naive.values())


def _span(first, end):
    """The months from the one to before the other, each by how long it is ago."""
    return [
        rules.months_between(month, this_month())
        for month in rules.months_of(first, rules.step(end, -1))
    ]


def test_other_rates_reckon_what_is_not_paid_yet(
    branch_a1, committee_staff, branch_secretary, people
):
    base(branch_a1, branch_secretary, ago(2), people[0], value="3000")
    base(branch_a1, branch_secretary, ago(2), people[1], kind="student", value="")
    mark(branch_a1, branch_secretary, ago(2), {people[0]: None})
    parameters.change(
        key="members.dues_rates_salary", value=[[None, "1"]], actor=committee_staff
    )
    assert Job.objects.get().kind == "members.reckon_dues"
    assert reckon_again() == 1
    assert reckon_again() == 0
    sums = DuesBase.objects.order_by("pk").values_list("monthly", flat=True)
    assert list(sums) == [30, Decimal("0.2")]
    assert DuesMonth.objects.get().paid == 15


# Records that become one ----------------------------------------------------
