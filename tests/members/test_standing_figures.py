"""Figures of lost contact and decisions, by month and branch."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.lib.periods import Month
from members.indicators.standing import compute_months
from members.models import LostCase
from members.services.lost import report_found
from organizations.models import Organization
from tests.factories.members import MemberFactory
from tests.members.standing_steps import approved, lost, proposed, suspended

pytestmark = pytest.mark.django_db


def test_each_is_counted_in_its_month_at_the_branch_that_proposed(
    branch_a1, branch_a2, branch_secretary, committee_staff
):
    today = timezone.localdate()
    this = Month.containing(today)
    before = this.previous()
    people = [MemberFactory(branch=branch_a1) for _ in range(3)]
    suspended(people[0], branch_secretary, committee_staff)
    approved(proposed(people[1], branch_secretary, "withdrew"), committee_staff)
    case = lost(people[2], branch_secretary)
    report_found(case_id=case.pk, found_on=today, words="来电", actor=branch_secretary)
    LostCase.objects.update(opened_on=before.start)
    every = Organization.objects.all()
    first, second = compute_months(every, [before, this])
    assert dict(first[branch_a1.pk]) == {
        "members.suspended": 1,
        "members.lost_opened": 2,
        "members.lost_cases": 2,
    }
    assert dict(second[branch_a1.pk]) == {
        "members.suspended": 1,
        "members.decided_suspended": 1,
        "members.decided_withdrew": 1,
        "members.lost_cases": 1,
        "members.lost_found": 1,
    }
    assert not second[branch_a2.pk]
    later = Month.containing(this.start + timedelta(days=62))
    [third] = compute_months(every, [later])
    assert third[branch_a1.pk]["members.lost_cases"] == 1
