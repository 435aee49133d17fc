"""No order of steps, and no number of hands at once, breaks a review."""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from activities.models import Review, ReviewResult
from activities.rules.reviews import Ballots, Verdict
from activities.services.review_results import (
    approve_review,
    deliver_letters,
    record_correction,
    return_review,
)
from activities.services.reviews import (
    EntryFacts,
    Papers,
    add_people,
    count_ballots,
    decide_review,
    save_entry,
    take_out,
)
from config.lib.errors import RuleError
from members.models import Member
from organizations.choices import Role
from tests.activities.review_steps import (
    approved,
    decided,
    held,
    opened,
    rows_of,
    voted,
)
from tests.factories.members import MemberFactory
from tests.factories.organizations import (
    OrganizationFactory,
    PostFactory,
    UserFactory,
)
from tests.races import needs_server, race

PEOPLE = 5
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("ballots", "ballots", "decide", "decide", "decide"),
                *("approve", "approve", "return", "deliver", "correct"),
                *("remove", "add", "entry"),
            ]
        ),
        st.integers(0, 4),
        st.lists(st.integers(0, 6), min_size=PEOPLE, max_size=PEOPLE),
        st.booleans(),
    ),
    max_size=16,
)


def _verdict(number: int) -> Verdict:
    """All there may be, the impossible too."""
    soon = timezone.localdate() + timedelta(days=30)
    return (
        Verdict("excellent"),
        Verdict("excellent", "带头"),
        Verdict("qualified"),
        Verdict("basic", "一般"),
        Verdict("unqualified", "事实", "correction", soon),
        Verdict("unqualified", "事实", "quit"),
        Verdict("unqualified"),
    )[number]


def attempt(step, pick, numbers, review, meeting, actor):
    """Try one step; a refusal is fine."""
    rows, today = list(review.results.order_by("pk")), timezone.localdate()
    row = rows[pick % len(rows)]
    of_review = {"review_id": review.pk, "actor": actor}
    of_row = {"result_id": row.pk, "actor": actor}
    listed = list(zip(rows_of(review), numbers, strict=False))
    try:
        if step == "ballots":
            count_ballots(
                version=None,
                papers=Papers(meeting.pk, pick + 2, numbers[0]),
                ballots={
                    # One in five is not held to what came back.
                    each.pk: Ballots(number if pick == 0 else min(number, numbers[0]))
                    for each, number in listed
                },
                **of_review,
            )
        elif step == "decide":
            # Mostly what each may be, else little would ever be decided.
            most = 6 if pick == 0 else 5
            decide_review(
                version=None,
                verdicts={each.pk: _verdict(min(n, most)) for each, n in listed},
                **of_review,
            )
        elif step == "approve":
            approve_review(version=None, approved_on=today, **of_review)
        elif step == "return":
            return_review(version=None, words="再核", **of_review)
        elif step == "deliver":
            deliver_letters(delivered_on=today, **of_review)
        elif step == "correct":
            record_correction(
                version=None,
                correction="corrected",
                corrected_on=today,
                words="好",
                **of_row,
            )
        elif step == "remove":
            take_out(reason="转出", **of_row)
        elif step == "add":
            add_people(member_ids=[row.member_id], **of_review)
        else:
            save_entry(version=None, facts=EntryFacts("qualified"), **of_row)
    except (RuleError, PermissionDenied, Member.DoesNotExist):
        pass


def assert_whole(pk):
    """What must be so of every review, whatever was done with it."""
    review = Review.objects.get(pk=pk)
    rows = rows_of(review)
    assert review.returned <= review.handed_out <= PEOPLE
    assert all(sum(row.ballots) <= review.returned for row in rows)
    is_graded = review.state in {"decided", "approved"}
    if is_graded:
        assert all(row.grade for row in rows)
        assert sum(row.grade == "excellent" for row in rows) <= len(rows) // 3
        assert review.returned > 0
    for row in review.results.all():
        assert (row.grade == "unqualified") == bool(row.outcome)
        assert (row.outcome == "correction") == (row.term_ends_on is not None)
        if row.serial is not None:
            assert review.state == "approved"
        if row.delivered_on or row.correction:
            assert review.state == "approved"
            assert row.number
    if review.state == "approved":
        assert [row.serial for row in rows] == list(range(1, len(rows) + 1))


class ReviewProperties(TestCase):
    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @example("ballots", [("decide", 1, [0] * PEOPLE, False)])
    @given(st.sampled_from(["", "ballots", "decide", "approve"]), STEPS)
    def test_no_order_of_steps_breaks_a_review(self, begun, steps):
        street = OrganizationFactory(kind="work_committee")
        branch = OrganizationFactory(kind="branch", parent=street)
        actors = []
        for role, place in (
            (Role.BRANCH_SECRETARY, branch),
            (Role.COMMITTEE_STAFF, street),
        ):
            actors.append(UserFactory())
            PostFactory(user=actors[-1], role=role, organization=place)
        MemberFactory.create_batch(PEOPLE, branch=branch)
        review, meeting = opened(branch, actors[0]), held(branch)
        # Some begin further on, else few would come to the end.
        order = ("ballots", "decide", "approve")
        done = order[: order.index(begun) + 1] if begun else ()
        first = [(step, 1, [2] * PEOPLE, False) for step in done]
        for step, pick, numbers, is_wrong in [*first, *steps]:
            is_above = step in {"approve", "return"}
            # One in eight is tried by whoever may not.
            actor = actors[is_above ^ (is_wrong and pick == 0)]
            attempt(step, pick, numbers, review, meeting, actor)
            assert_whole(review.pk)


@needs_server
@pytest.mark.django_db(transaction=True)
def test_a_review_is_opened_counted_and_approved_once_by_eight_hands(
    branch_a1, branch_secretary, community_secretary
):
    MemberFactory.create_batch(3, branch=branch_a1)
    found = race(lambda n: opened(branch_a1, branch_secretary).pk, count=8)
    review = Review.objects.get()
    assert found == [review.pk] * 8
    assert ReviewResult.objects.count() == 3
    meeting = held(branch_a1)
    found = race(
        lambda n: voted(review, meeting, branch_secretary, version=1).returned, count=8
    )
    assert Counter(found) == {3: 1, "stale": 7}
    found = race(lambda n: decided(review, branch_secretary, version=2).state, count=8)
    assert Counter(found) == {"decided": 1, "stale": 7}
    found = race(
        lambda n: approved(review, community_secretary, version=None).state, count=8
    )
    assert Counter(found) == {"approved": 1, "state": 7}
    assert [row.serial for row in rows_of(review)] == [1, 2, 3]
