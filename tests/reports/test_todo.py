"""The to-do list counts what each alert lists, also where many are counted at once."""

from datetime import date

import pytest

from organizations import parameters
from organizations.access import ROLE_RIGHTS, Right
from organizations.choices import Role
from organizations.models import User
from organizations.parameter_specs import BRANCH_SIZE_LIMIT
from reports import todo
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import PostFactory

pytestmark = pytest.mark.django_db

FAULTS = {
    "members.lost": {"is_lost": True},
    "members.no_phone": {"phone": ""},
    "members.full_unconfirmed": {"confirmed_on": None},
    "members.underage": {
        "born_on": date(1990, 1, 1),
        "joined_on": date(2006, 7, 1),
        "confirmed_on": date(2007, 7, 1),
    },
    "members.early_confirmation": {
        "joined_on": date(2015, 7, 1),
        "confirmed_on": date(2016, 6, 1),
    },
    "members.probation_past": {
        "member_type": "probationary",
        "joined_on": date(2020, 7, 1),
        "confirmed_on": None,
    },
}


@pytest.fixture
def faulty(branch_a1, branch_a2, branch_b1):
    """Everybody with a fault or two on three rolls, some of them elsewhere too."""
    for branch in (branch_a1, branch_a1, branch_b1):
        for fault in FAULTS.values():
            MemberFactory(branch=branch, **fault)
    both = MemberFactory(branch=branch_b1, is_lost=True, phone="")
    AffiliationFactory(member=both, organization=branch_a1, kind="co_managed")
    gone = MemberFactory(is_lost=True)
    AffiliationFactory(
        member=gone,
        organization=branch_a1,
        ends_on=date(2026, 1, 1),
        end_reason="transferred_out",
    )
    MemberFactory(branch=branch_a1)


def counts(user: User, today: date) -> dict[str, int]:
    found = {each.alert.key: each.count for each in todo.todos(user, today)}
    return {key: found.get(key, 0) for key in FAULTS}


def listed(user: User, today: date) -> dict[str, int]:
    alerts = {alert.key: alert for alert in todo.alerts_for(user)}
    return {key: len(list(alerts[key].rows(user, today))) for key in FAULTS}


def test_each_check_of_members_counts_whom_it_lists(
    faulty, committee_staff, branch_secretary, secretary_b, today
):
    for user, lost in ((committee_staff, 4), (branch_secretary, 2), (secretary_b, 2)):
        assert counts(user, today) == listed(user, today)
        assert counts(user, today)["members.lost"] == lost
        assert all(counts(user, today).values())


def test_people_seen_but_not_edited_are_nothing_to_do(
    faulty, branch_secretary, branch_b1, today, monkeypatch
):
    monkeypatch.setitem(ROLE_RIGHTS, Role.AUDITOR, frozenset({Right.VIEW_MEMBERS}))
    PostFactory(user=branch_secretary, role=Role.AUDITOR, organization=branch_b1)
    user = User.objects.get(pk=branch_secretary.pk)
    assert set(user.member_paths) > set(user.rights_paths(Right.EDIT_MEMBERS))
    assert counts(user, today) == listed(user, today)
    assert counts(user, today)["members.lost"] == 2


def test_a_branch_grows_too_large_by_its_own_roll(
    branch_a1, branch_a2, committee_staff, today
):
    parameters.change(key=BRANCH_SIZE_LIMIT, value=3, actor=committee_staff)
    MemberFactory.create_batch(4, branch=branch_a1)
    MemberFactory.create_batch(3, branch=branch_a2)
    AffiliationFactory(
        member=MemberFactory(), organization=branch_a2, kind="co_managed"
    )
    [alert] = [
        each
        for each in todo.alerts_for(committee_staff)
        if each.key == "members.branch_too_large"
    ]
    assert alert.count(committee_staff, today) == 1
    [row] = alert.queryset(committee_staff, today)
    assert (row, row.member_count) == (branch_a1, 4)
