"""Warnings and figures of dues and commendations, against what was written down."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from config.lib import registry
from config.lib.periods import Month
from members.rules import dues as rules
from organizations.models import Organization, Parameter
from reports import layout
from tests.factories.members import MemberFactory
from tests.members.dues_steps import ago, base, mark, pay, reduce
from tests.members.test_commendations import give

pytestmark = pytest.mark.django_db


def items(key, user, today=None):
    rows = registry.alert(f"members.{key}").rows(user, today or timezone.localdate())
    return {row.label: row for row in rows}


def figures(month):
    found = {}
    for group in registry.groups():
        if group.key in {"dues", "commendations"}:
            of_branch = group.compute(
                Organization.objects.all(), Month.containing(month)
            )
            for numbers in of_branch.values():
                for key, number in numbers.items():
                    found[key] = found.get(key, 0) + number
    return {key.removeprefix("members."): number for key, number in found.items()}


def test_who_is_behind_is_warned_of_by_how_many_months(
    branch_a1, branch_secretary, secretary_b
):
    people = {
        name: MemberFactory(branch=branch_a1, name=name)
        for name in ("雷二", "雷三", "雷五", "雷六")
    }
    for owed, name in ((2, "雷二"), (3, "雷三"), (5, "雷五"), (6, "雷六")):
        pay(people[name], branch_secretary, ago(8), ago(owed + 1))
    MemberFactory(branch=branch_a1, name="雷新")
    gone = MemberFactory(branch=branch_a1, name="雷停", status="suspended")
    people["雷六"].dues_standing.__class__.objects.create(
        member=gone, opened_to=ago(20), paid_to=ago(20)
    )
    warned = items("dues_behind", branch_secretary)
    assert set(warned) == {"雷三", "雷五"}
    assert "欠5个月" in warned["雷五"].detail
    assert warned["雷五"].url == f"/members/{people['雷五'].pk}/dues/"
    assert set(items("dues_quit", branch_secretary)) == {"雷六"}
    assert not items("dues_behind", secretary_b)
    Parameter.objects.create(key="members.dues_behind_months", value=2)
    assert set(items("dues_behind", branch_secretary)) == {"雷二", "雷三", "雷五"}


def test_a_branch_that_has_marked_nobody_is_reminded_after_the_tenth(
    branch_a1, branch_b1, branch_secretary, committee_staff
):
    member = MemberFactory(branch=branch_a1)
    MemberFactory(branch=branch_b1)
    november = date(2026, 11, 1)
    pay(member, branch_secretary, november, november)
    tenth, eleventh = date(2026, 12, 10), date(2026, 12, 11)
    assert set(items("dues_unmarked", committee_staff, eleventh)) == {
        branch_b1.short_name
    }
    # Of October the first branch asks nobody: his ledger begins after it.
    [row] = items("dues_unmarked", committee_staff, tenth).values()
    assert row.url == f"/members/dues/branches/{branch_b1.pk}/2026-10/"
    assert row.due_on == date(2026, 11, 10)


def test_figures_of_a_month(branch_a1, branch_secretary):
    people = [MemberFactory(branch=branch_a1) for _ in range(4)]
    MemberFactory(branch=branch_a1, status="suspended")
    base(branch_a1, branch_secretary, ago(9), *people[:3])
    reduce(people[0], branch_secretary, ago(2), ago(1), monthly=Decimal("3.50"))
    mark(branch_a1, branch_secretary, ago(6), dict.fromkeys(people[:3]))
    mark(
        branch_a1,
        branch_secretary,
        ago(2),
        {people[0]: None, people[1]: Decimal("100.05")},
    )
    give(people[0], branch_secretary, awarded_on=ago(2))
    assert figures(ago(2)) == {
        "dues_asked": 4,
        "dues_due": 8350,
        "dues_payers": 2,
        "dues_paid": 10355,
        "dues_behind": 4,
        "commended": 1,
    }
    assert figures(ago(3))["dues_due"] == 12000
    assert figures(ago(3))["dues_behind"] == 4
    assert figures(ago(4))["dues_behind"] == 1
    assert "dues_due" not in figures(ago(10))


def test_the_fourth_has_a_ledger_since_the_first_mark(branch_a1, branch_secretary):
    member = MemberFactory(branch=branch_a1)
    other = MemberFactory(branch=branch_a1)
    mark(branch_a1, branch_secretary, ago(5), {member: Decimal(5)})
    assert rules.behind(other.dues_standing.paid_to, timezone.localdate()) == 5


def test_fen_are_shown_as_yuan():
    column = layout.money("members.dues_paid", "实交（元）")
    assert layout.cell(column, {"members.dues_paid": 10355}) == 103.55
    assert layout.shown(column, {"members.dues_paid": 10350}) == "103.50"
