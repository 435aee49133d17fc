"""Households and visits say that figures changed, for every month."""

import pytest

from activities.services.household_sheets import take_ledger
from activities.services.households import (
    HouseholdFacts,
    amend_household,
    end_household,
)
from activities.services.visits import withdraw_visit
from organizations.services.structure import merge_organizations
from tests.activities.household_steps import asked, listed, stepped, visited
from tests.activities.test_household_sheets import door, uploaded
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


def test_households_and_visits(tree, months, holds, committee_staff, today):
    community, branch, other = tree[1], tree[3], tree[4]
    MemberFactory(branch=branch)
    holds()
    home = listed(community, committee_staff, organization=branch)
    holds()
    days = (today - months[2].start).days
    visit = visited(home, committee_staff, days_ago=days)
    holds()
    matter = asked(home, committee_staff, days_ago=days)
    holds()
    stepped(matter, "solve", committee_staff, taken_on=months[1].start)
    holds()
    stepped(matter, "reopen", committee_staff)
    holds()
    stepped(matter, "solve", committee_staff)
    holds()
    stepped(matter, "answer", committee_staff)
    holds()
    withdraw_visit(visit_id=visit.pk, words="记错", actor=committee_staff)
    holds()
    facts = HouseholdFacts(home.community, "1号楼", "102", organization=other)
    amend_household(household_id=home.pk, facts=facts, actor=committee_staff)
    holds()
    merge_organizations(
        source_id=other.pk, target_id=branch.pk, on_date=today, actor=committee_staff
    )
    holds()
    end_household(
        household_id=home.pk, reason="moved", ended_on=today, actor=committee_staff
    )
    holds()


def test_a_ledger(tree, months, holds, committee_staff):
    community, branch = tree[1], tree[3]
    MemberFactory(branch=branch)
    holds()
    for changes in ({}, {"包联党支部": branch.short_name}):
        stored = uploaded(community, committee_staff, door(501, **changes), door(502))
        take_ledger(file_id=stored.pk, actor=committee_staff)
        holds()
