"""What reviews add to the month's figures and to the list of things to do."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activities.models import Review, ReviewResult
from activities.parameters.reviews import APPROVE_DAYS
from activities.services.review_results import (
    deliver_letters,
    record_correction,
    return_review,
)
from config.lib import registry
from config.lib.periods import Month
from organizations import parameters
from organizations.models import Organization
from tests.activities.review_steps import (
    approved,
    decided,
    held,
    opened,
    rows_of,
    voted,
)
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(branch_a1, branch_secretary):
    MemberFactory.create_batch(4, branch=branch_a1)
    review = opened(branch_a1, branch_secretary)
    return voted(review, held(branch_a1), branch_secretary)


def figures(*months, organizations=None):
    [group] = [each for each in registry.groups() if each.key == "activities.reviews"]
    if organizations is None:
        organizations = Organization.objects.all()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = group.compute_months(organizations, months)
    assert len(asked) == 1
    names = dict(Organization.objects.values_list("pk", "path"))
    return [
        {
            names[pk]: {
                key.removeprefix("activities.review_"): number
                for key, number in own.items()
                if number
            }
            for pk, own in month.items()
            if any(own.values())
        }
        for month in found
    ]


def test_taking_part_lies_at_the_branch_and_findings_at_the_street(
    counted, branch_a1, street, branch_secretary, community_secretary
):
    decided(counted, branch_secretary, "excellent", "unqualified")
    approved(counted, community_secretary)
    Review.objects.update(
        opened_on=date(2026, 2, 10),
        decided_on=date(2026, 3, 3),
        approved_on=date(2026, 4, 30),
    )
    months = [Month(2026, n) for n in (1, 2, 3, 4, 12)] + [Month(2027, 1)]
    begun = {branch_a1.path: {"opened": 1, "people": 4}}
    done = {
        branch_a1.path: {"opened": 1, "people": 4, "finished": 1, "done": 4},
        street.path: {
            "excellent": 1,
            "qualified": 2,
            "unqualified": 1,
            "correction": 1,
        },
    }
    assert figures(*months) == [{}, begun, begun, done, done, {}]
    # Counted for the branch or for the street alone, each has its own.
    branches = Organization.objects.filter(pk=branch_a1.pk)
    streets = Organization.objects.filter(pk=street.pk)
    [of_branch] = figures(Month(2026, 4), organizations=branches)
    [of_street] = figures(Month(2026, 4), organizations=streets)
    assert of_branch | of_street == done
    assert set(of_branch) == {branch_a1.path}


def test_a_review_approved_after_new_year_ends_in_that_year(
    counted, branch_a1, branch_secretary, community_secretary
):
    decided(counted, branch_secretary)
    approved(counted, community_secretary)
    Review.objects.update(
        opened_on=date(2026, 12, 10),
        decided_on=date(2026, 12, 30),
        approved_on=date(2027, 1, 5),
    )
    december, january = figures(Month(2026, 12), Month(2027, 1))
    assert december == {branch_a1.path: {"opened": 1, "people": 4}}
    assert january[branch_a1.path] == {"finished": 1, "done": 4}


def test_whoever_was_taken_out_is_no_figure(counted, branch_a1):
    row = rows_of(counted)[0]
    ReviewResult.objects.filter(pk=row.pk).update(removed_on=timezone.localdate())
    [own] = figures(Month.containing(timezone.localdate()))
    assert own == {branch_a1.path: {"opened": 1, "people": 3}}


# Warnings ---------------------------------------------------------------------------


def warned(user, key):
    alert = registry.alert(f"activities.{key}")
    today = timezone.localdate()
    assert alert.count(user, today) == len(list(alert.rows(user, today)))
    return [item.label for item in alert.rows(user, today)]


def test_what_waits_for_approval_is_told_above_after_some_days(
    counted, branch_secretary, community_secretary, committee_staff, auditor
):
    decided(counted, branch_secretary)
    days = parameters.get(APPROVE_DAYS)
    today = timezone.localdate()
    for ago, number in ((days, 0), (days + 1, 1)):
        Review.objects.update(decided_on=today - timedelta(days=ago))
        for above in (community_secretary, committee_staff):
            assert len(warned(above, "reviews_to_approve")) == number
    assert warned(branch_secretary, "reviews_to_approve") == []
    assert warned(auditor, "reviews_to_approve") == []


def test_what_was_returned_is_told_to_the_branch(
    counted, branch_secretary, community_secretary
):
    decided(counted, branch_secretary)
    return_review(
        review_id=counted.pk, version=None, words="再核", actor=community_secretary
    )
    assert warned(branch_secretary, "reviews_returned") == [str(counted)]
    assert warned(community_secretary, "reviews_returned") == []
    decided(counted, branch_secretary)
    assert warned(branch_secretary, "reviews_returned") == []


def test_letters_are_asked_for_until_they_are_delivered(
    counted, branch_secretary, community_secretary
):
    decided(counted, branch_secretary)
    assert warned(branch_secretary, "review_letters_left") == []
    approved(counted, community_secretary)
    assert warned(branch_secretary, "review_letters_left") == [str(counted)]
    deliver_letters(
        review_id=counted.pk,
        delivered_on=timezone.localdate(),
        actor=branch_secretary,
    )
    assert warned(branch_secretary, "review_letters_left") == []


def test_a_term_that_is_over_is_told_without_a_name_until_it_is_looked_at(
    counted, branch_secretary, community_secretary, secretary_b
):
    decided(counted, branch_secretary, "unqualified", "unqualified")
    approved(counted, community_secretary)
    key, today = "review_terms_over", timezone.localdate()
    rows = rows_of(counted)[:2]
    unqualified = ReviewResult.objects.filter(grade="unqualified")
    unqualified.update(term_ends_on=today)
    assert warned(branch_secretary, key) == []
    unqualified.update(term_ends_on=today - timedelta(days=1))
    # Two people of one review: one line, which names neither.
    assert warned(branch_secretary, key) == [str(counted)]
    assert warned(community_secretary, key) == [str(counted)]
    assert warned(secretary_b, key) == []
    for row in rows:
        assert warned(branch_secretary, key) == [str(counted)]
        record_correction(
            result_id=row.pk,
            version=None,
            correction="corrected",
            corrected_on=today,
            words="已改正",
            actor=branch_secretary,
        )
    assert warned(branch_secretary, key) == []
