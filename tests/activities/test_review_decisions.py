"""The democratic review from the ballots on: grades, approval, letters."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from activities.models import Activity, ReviewResult
from activities.parameters.reviews import SHARE
from activities.rules import reviews as rules
from activities.rules.reviews import Ballots, Verdict
from activities.services.review_results import (
    deliver_letters,
    record_correction,
    return_review,
)
from activities.services.reviews import (
    EntryFacts,
    Papers,
    save_entry,
    take_out,
)
from config.lib.errors import RuleError
from config.lib.versions import StaleError
from organizations import parameters
from tests.activities.review_steps import (
    approved,
    decided,
    held,
    rows_of,
    verdicts_of,
    voted,
)
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db


# Ballots ----------------------------------------------------------------------------


def test_papers_out_and_in_and_votes_of_one_are_bounded(
    review, meeting, branch_secretary
):
    for out, back, match in (
        (7, 3, "多于到会有表决权的党员 6 人"),
        (4, 5, "多于发出的 4 张"),
        (4, 0, "至少要收回 1 张"),
    ):
        with pytest.raises(RuleError, match=match):
            voted(
                review, meeting, branch_secretary, papers=Papers(meeting.pk, out, back)
            )
    rows = rows_of(review)
    votes = {row.pk: Ballots(1, 1, 1, 1) for row in rows}
    with pytest.raises(RuleError, match=r"四项合计 4 票，多于收回的测评表 3 张"):
        voted(review, meeting, branch_secretary, ballots=votes)
    assert not ReviewResult.objects.filter(excellent__gt=0).exists()
    review = voted(review, meeting, branch_secretary, papers=4, ballots=votes)
    assert (review.state, review.handed_out, review.activity) == ("voted", 4, meeting)
    assert rows_of(review)[0].ballots == (1, 1, 1, 1)


def test_half_is_not_enough_for_a_vote(branch_a1, review, people, branch_secretary):
    # Guests and probationary members count on neither side.
    young = MemberFactory(
        branch=branch_a1, member_type="probationary", confirmed_on=None
    )
    meeting = held(branch_a1, [*people[:3], young])
    with pytest.raises(RuleError, match=r"应到.* 6 人，到会 3 人，没有超过半数"):
        voted(review, meeting, branch_secretary)


def test_the_meeting_is_a_review_held_by_this_branch(
    review, branch_a1, branch_a2, people, branch_secretary
):
    year = review.year
    for wrong in (
        held(branch_a2, people),
        held(branch_a1, people, kind="theme_day"),
        held(branch_a1, people, state="planned"),
        held(branch_a1, people, held_on=timezone.localdate().replace(year=year - 1)),
    ):
        with pytest.raises(Activity.DoesNotExist):
            voted(review, wrong, branch_secretary)


def test_a_form_about_others_than_those_in_it_is_refused(
    review, meeting, branch_secretary
):
    rows = rows_of(review)
    votes = {row.pk: Ballots() for row in rows}
    version = review.version
    take_out(result_id=rows[0].pk, reason="转出", actor=branch_secretary)
    with pytest.raises(StaleError):
        voted(review, meeting, branch_secretary, ballots=votes, version=version)
    with pytest.raises(RuleError, match="名单刚刚有变动"):
        voted(review, meeting, branch_secretary, ballots=votes)


# Grades -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reviewed", "share", "most"),
    [(0, 3, 0), (2, 3, 0), (3, 3, 1), (8, 3, 2), (9, 1, 9)],
)
def test_a_third_is_rounded_down(reviewed, share, most):
    assert rules.most_excellent(reviewed, share) == most


def test_one_excellent_too_many_is_refused_with_the_numbers(counted, branch_secretary):
    with pytest.raises(RuleError, match=r"参评党员 6 人.*最多 2 人.*现在评了 3 人"):
        decided(counted, branch_secretary, *["excellent"] * 3)
    assert not ReviewResult.objects.exclude(grade="").exists()
    decided(counted, branch_secretary, "excellent", "excellent", "unqualified")
    assert ReviewResult.objects.filter(grade="excellent").count() == 2


def test_the_share_is_the_committees(counted, branch_secretary, committee_staff):
    parameters.change(key=SHARE, value=6, actor=committee_staff)
    with pytest.raises(RuleError, match="6 分之一，最多 1 人"):
        decided(counted, branch_secretary, "excellent", "excellent")


@pytest.mark.parametrize(
    ("verdict", "field"),
    [
        (Verdict(""), "grade"),
        (Verdict("qualified", outcome="persuaded"), "outcome"),
        (Verdict("unqualified", "事实"), "outcome"),
        (Verdict("unqualified", " ", "persuaded"), "words"),
        (Verdict("unqualified", "事实", "correction"), "term_ends_on"),
        (Verdict("basic", "还要努力"), ""),
        (Verdict("unqualified", "事实", "quit"), ""),
    ],
)
def test_what_a_verdict_must_say(verdict, field):
    day = timezone.localdate()
    assert rules.verdict_fault(verdict, day)[0] == field
    timed = Verdict("unqualified", "事实", "correction", day)
    assert rules.verdict_fault(timed, day)[0] == "term_ends_on"
    timed = Verdict("unqualified", "事实", "removed", day + timedelta(days=1))
    assert rules.verdict_fault(timed, day)[0] == "term_ends_on"


def test_a_verdict_without_an_outcome_names_whom_it_is_about(counted, branch_secretary):
    verdicts = verdicts_of(counted)
    row = rows_of(counted)[2]
    verdicts[row.pk] = Verdict("unqualified", "事实")
    with pytest.raises(RuleError, match=f"{row.member.name}：.*请选择组织处置"):
        decided(counted, branch_secretary, verdicts=verdicts)


def test_deciding_comes_after_the_ballots_and_freezes_them(
    review, meeting, branch_secretary
):
    with pytest.raises(RuleError, match="现在是“准备中”"):
        decided(review, branch_secretary)
    voted(review, meeting, branch_secretary)
    decided(review, branch_secretary)
    for write in (voted, lambda r, m, a: decided(r, a)):
        with pytest.raises(RuleError, match="已审定，待批准"):
            write(review, meeting, branch_secretary)
    row = rows_of(review)[0]
    for call in (
        lambda: take_out(result_id=row.pk, reason="转出", actor=branch_secretary),
        lambda: save_entry(
            result_id=row.pk, version=None, facts=EntryFacts(), actor=branch_secretary
        ),
    ):
        with pytest.raises(RuleError):
            call()


def test_a_meeting_that_lost_its_quorum_decides_nothing(
    counted, meeting, branch_secretary
):
    meeting.participations.all().delete()
    with pytest.raises(RuleError, match="没有超过半数"):
        decided(counted, branch_secretary)
    Activity.objects.filter(pk=meeting.pk).update(state="cancelled")
    with pytest.raises(RuleError, match="已经取消"):
        decided(counted, branch_secretary)


# Approval and letters ---------------------------------------------------------------


def test_those_above_approve_and_letters_get_their_numbers(
    counted, branch_secretary, community_secretary, today
):
    decided(counted, branch_secretary, "excellent")
    with pytest.raises(PermissionDenied):
        approved(counted, branch_secretary)
    with pytest.raises(RuleError, match="批准日期应在"):
        approved(counted, community_secretary, approved_on=today + timedelta(days=1))
    review = approved(counted, community_secretary)
    assert (review.state, review.approved_by) == ("approved", community_secretary)
    rows = rows_of(review)
    assert [row.serial for row in rows] == [1, 2, 3, 4, 5, 6]
    assert rows[1].number == f"民评\u3014{review.year}\u30152号"
    with pytest.raises(RuleError, match="现在是“已批准”"):
        approved(counted, community_secretary)


def test_what_is_returned_is_mended_and_decided_anew(
    counted, branch_secretary, committee_staff
):
    by = {"review_id": counted.pk, "version": None, "actor": committee_staff}
    with pytest.raises(RuleError, match="已测评"):
        return_review(words="请核对", **by)
    decided(counted, branch_secretary)
    with pytest.raises(RuleError, match="请写明原因"):
        return_review(words=" ", **by)
    review = return_review(words="票数与等次不符", **by)
    assert (review.state, review.decided_on) == ("voted", None)
    review = decided(counted, branch_secretary)
    assert (review.returned_words, review.returned_on) == ("", None)


def test_letters_are_delivered_at_once_and_once(
    counted, branch_secretary, community_secretary, today
):
    by = {"review_id": counted.pk, "delivered_on": today, "actor": branch_secretary}
    decided(counted, branch_secretary)
    with pytest.raises(RuleError, match="已批准"):
        deliver_letters(**by)
    approved(counted, community_secretary)
    with pytest.raises(RuleError, match="送达日期应在"):
        deliver_letters(**by | {"delivered_on": today - timedelta(days=1)})
    assert deliver_letters(**by) == 6
    assert deliver_letters(**by) == 0


def test_a_term_to_mend_is_looked_at(
    counted, branch_secretary, community_secretary, today
):
    decided(counted, branch_secretary, "unqualified")
    row, other = rows_of(counted)[:2]
    values = {
        "version": None,
        "correction": "corrected",
        "corrected_on": today,
        "words": "按期参加组织生活",
        "actor": branch_secretary,
    }
    with pytest.raises(RuleError):
        record_correction(result_id=row.pk, **values)
    approved(counted, community_secretary)
    with pytest.raises(RuleError, match="不是限期改正"):
        record_correction(result_id=other.pk, **values)
    record_correction(result_id=row.pk, **values)
    row.refresh_from_db()
    assert (row.correction, row.corrected_on) == ("corrected", today)
