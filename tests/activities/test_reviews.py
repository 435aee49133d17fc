"""The democratic review: who is in it, ballots, grades, approval, letters."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from activities.models import Review, ReviewResult
from activities.services.review_results import (
    approve_review,
)
from activities.services.reviews import (
    EntryFacts,
    add_people,
    save_entry,
    take_out,
)
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.models import Affiliation, Member
from members.services.affiliations import end_affiliation
from members.services.decisions import record_death
from members.services.merging import merge_members
from organizations.models import AuditEvent, Organization
from tests.activities.review_steps import (
    approved,
    decided,
    opened,
    rows_of,
)
from tests.factories.members import AffiliationFactory, MemberFactory

pytestmark = pytest.mark.django_db
SECRET = "不愿公开的自评"


# Who is in it -----------------------------------------------------------------------


def test_full_members_on_the_roll_in_good_standing_are_reviewed(
    branch_a1, branch_b1, people, branch_secretary
):
    MemberFactory(branch=branch_a1, member_type="probationary", confirmed_on=None)
    MemberFactory(branch=branch_a1, status="suspended")
    guest = MemberFactory(branch=branch_b1)
    AffiliationFactory(member=guest, organization=branch_a1, kind="mobile_in")
    gone = MemberFactory(branch=branch_a1)
    Affiliation.objects.filter(member=gone).update(ends_on=timezone.localdate())
    review = opened(branch_a1, branch_secretary)
    assert {row.member_id for row in rows_of(review)} == {each.pk for each in people}
    assert review.street == Organization.objects.get(path="000001")
    again = opened(branch_a1, branch_secretary)
    assert again == review
    assert ReviewResult.objects.count() == 6


def test_a_branch_without_full_members_opens_none(branch_a1, branch_secretary):
    with pytest.raises(RuleError, match="没有在册的正式党员"):
        opened(branch_a1, branch_secretary)
    assert not Review.objects.exists()


def test_only_this_year_and_the_last_are_opened(branch_a1, people, branch_secretary):
    year = timezone.localdate().year
    for wrong in (year + 1, year - 2):
        with pytest.raises(RuleError, match="请核对年度"):
            opened(branch_a1, branch_secretary, year=wrong)
    assert opened(branch_a1, branch_secretary, year=year - 1).year == year - 1


def test_the_branch_writes_and_those_above_it_do_not(
    branch_a1, people, community_secretary, secretary_b, committee_staff
):
    for other in (community_secretary, committee_staff):
        with pytest.raises(PermissionDenied):
            opened(branch_a1, other)
    with pytest.raises(Organization.DoesNotExist):
        opened(branch_a1, secretary_b)


def test_guests_are_taken_in_one_by_one_and_come_back(
    review, branch_a1, branch_b1, branch_secretary
):
    guest, stranger = MemberFactory(branch=branch_b1), MemberFactory(branch=branch_b1)
    AffiliationFactory(member=guest, organization=branch_a1, kind="mobile_in")
    by = {"review_id": review.pk, "actor": branch_secretary}
    with pytest.raises(Member.DoesNotExist):
        add_people(member_ids=[guest.pk, stranger.pk], **by)
    assert add_people(member_ids=[guest.pk], **by) == 1
    assert add_people(member_ids=[guest.pk], **by) == 0
    row = review.results.get(member=guest)
    assert row.is_guest
    with pytest.raises(RuleError, match="请写明原因"):
        take_out(result_id=row.pk, reason=" ", actor=branch_secretary)
    take_out(result_id=row.pk, reason="已回原籍", actor=branch_secretary)
    row.refresh_from_db()
    assert (row.removed_on, row.removed_reason) == (timezone.localdate(), "已回原籍")
    assert len(rows_of(review)) == 6
    assert add_people(member_ids=[guest.pk], **by) == 1
    row.refresh_from_db()
    assert (row.removed_on, row.removed_reason) == (None, "")


def test_whoever_leaves_or_dies_before_the_decision_is_taken_out(
    review, people, branch_secretary, committee_staff, today
):
    end_affiliation(
        affiliation_id=people[0].affiliations.get().pk,
        ends_on=today,
        end_reason="mistake",
        actor=committee_staff,
    )
    record_death(member_id=people[1].pk, died_on=today, actor=branch_secretary)
    removed = {
        row.member_id: row.removed_reason
        for row in review.results.filter(removed_on__isnull=False)
    }
    assert set(removed) == {people[0].pk, people[1].pk}
    assert removed[people[1].pk] == "组织关系已结束：去世"
    assert len(rows_of(review)) == 4


def test_whoever_belongs_to_the_branch_in_another_way_stays_in(
    review, people, branch_a1, committee_staff, today
):
    beside = AffiliationFactory(
        member=people[0], organization=branch_a1, kind="co_managed"
    )
    end_affiliation(
        affiliation_id=beside.pk,
        ends_on=today,
        end_reason="mistake",
        actor=committee_staff,
    )
    assert people[0].pk in {row.member_id for row in rows_of(review)}


def test_whoever_leaves_after_the_decision_stays_in_it(
    counted, people, branch_secretary, today
):
    decided(counted, branch_secretary)
    record_death(member_id=people[1].pk, died_on=today, actor=branch_secretary)
    assert len(rows_of(counted)) == 6


def test_two_records_of_one_person_do_not_collide(review, people, committee_staff):
    kept, gone = people[0], people[1]
    merge_members(kept_id=kept.pk, gone_id=gone.pk, taken=[], actor=committee_staff)
    assert [row.member_id for row in rows_of(review)].count(kept.pk) == 1
    row = review.results.get(member=gone)
    assert row.removed_reason == "两份档案合并"


def test_a_merger_of_decided_results_leaves_both(
    counted, people, branch_secretary, committee_staff
):
    decided(counted, branch_secretary)
    kept, gone = people[0], people[1]
    merge_members(kept_id=kept.pk, gone_id=gone.pk, taken=[], actor=committee_staff)
    assert counted.results.get(member=gone).grade == "qualified"


# What is said -----------------------------------------------------------------------


def test_what_is_said_is_stored_encrypted_and_nowhere_else(review, branch_secretary):
    row = rows_of(review)[0]
    facts = EntryFacts("qualified", f" {SECRET} ", "大家认为认真负责")
    by = {"result_id": row.pk, "actor": branch_secretary}
    save_entry(version=1, facts=facts, **by)
    row.refresh_from_db()
    assert (row.self_grade, row.self_words, row.version) == ("qualified", SECRET, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT self_words, mutual_words FROM activities_reviewresult")
        stored = str(cursor.fetchall())
    assert SECRET not in stored
    assert "认真负责" not in stored
    assert not any(SECRET in str(e.details) for e in AuditEvent.objects.all())
    assert not hasattr(ReviewResult, "history")
    with pytest.raises(StaleError):
        save_entry(version=1, facts=facts, **by)


def test_nothing_is_written_of_somebody_taken_out(review, branch_secretary):
    row = rows_of(review)[0]
    take_out(result_id=row.pk, reason="转出", actor=branch_secretary)
    with pytest.raises(RuleError, match="已移出"):
        save_entry(
            result_id=row.pk,
            version=None,
            facts=EntryFacts("excellent"),
            actor=branch_secretary,
        )


# The database keeps what the rules say ----------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"outcome": "quit"},
        {"grade": "unqualified"},
        {"term_ends_on": "2026-12-31"},
        {"grade": "unqualified", "outcome": "correction"},
        {"grade": "qualified", "delivered_on": "2026-12-31"},
    ],
)
def test_rows_that_contradict_themselves_are_refused(review, wrong):
    rows = ReviewResult.objects.filter(pk=rows_of(review)[0].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**wrong)


@pytest.mark.parametrize(
    "wrong", [{"returned": 1}, {"state": "voted"}, {"state": "decided"}]
)
def test_a_review_that_contradicts_itself_is_refused(review, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**wrong)


def test_every_step_is_in_the_trail_without_a_name(
    counted, people, branch_secretary, community_secretary
):
    decided(counted, branch_secretary, "unqualified")
    approved(counted, community_secretary)
    events = AuditEvent.objects.filter(action="review_saved")
    steps = [event.details["review_step"] for event in events.order_by("pk")]
    assert steps == ["open", "ballots", "decide", "approve"]
    told = " ".join(f"{e.details} {e.target_label}" for e in events)
    assert not any(person.name in told for person in people)
    assert "unqualified" not in told


def test_approving_an_old_page_is_stale(counted, branch_secretary, community_secretary):
    decided(counted, branch_secretary)
    with pytest.raises(StaleError):
        approve_review(
            review_id=counted.pk,
            version=1,
            approved_on=timezone.localdate(),
            actor=community_secretary,
        )
