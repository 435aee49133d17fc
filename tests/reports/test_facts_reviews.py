"""Every step of a democratic review that changes a figure says so."""

import pytest
from django.utils import timezone

from activities.models import Review, ReviewResult
from activities.services.review_results import return_review
from activities.services.reviews import add_people, take_out
from members.services.affiliations import end_affiliation
from organizations.choices import Role
from tests.activities.review_steps import (
    approved,
    decided,
    held,
    opened,
    rows_of,
    voted,
)
from tests.factories.members import AffiliationFactory, MemberFactory
from tests.factories.organizations import PostFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_review_from_its_list_to_its_approval(
    tree, months, holds, committee_staff, today
):
    branch = tree[3]
    secretary = UserFactory()
    PostFactory(user=secretary, role=Role.BRANCH_SECRETARY, organization=branch)
    people = MemberFactory.create_batch(4, branch=branch)
    later = MemberFactory(branch=tree[5])
    AffiliationFactory(member=later, organization=branch, kind="mobile_in")
    meeting = held(branch, people[2:])
    holds()
    review = opened(branch, secretary)
    holds()
    # As if it had begun a month ago: what changes it, changes that month too.
    began = months[1].start if months[1].year == today.year else today
    Review.objects.filter(pk=review.pk).update(opened_on=began)
    add_people(review_id=review.pk, member_ids=[later.pk], actor=secretary)
    holds()
    row = ReviewResult.objects.get(member=people[0])
    take_out(result_id=row.pk, reason="长期患病", actor=secretary)
    holds()
    end_affiliation(
        affiliation_id=people[1].affiliations.get().pk,
        ends_on=today,
        end_reason="mistake",
        actor=committee_staff,
    )
    assert len(rows_of(review)) == 3
    holds()
    voted(review, meeting, secretary, papers=2)
    decided(review, secretary, "excellent", "unqualified")
    holds()
    return_review(
        review_id=review.pk, version=None, words="再核", actor=committee_staff
    )
    decided(review, secretary, "excellent", "unqualified")
    holds()
    approved(review, committee_staff, approved_on=timezone.localdate())
    holds()
