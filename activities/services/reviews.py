"""The democratic review of members: opened, written down, voted, decided, approved.

The review is locked before anything of it is written, so that two hands at once act
one after the other, the second on what the first left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.choices import ActivityKind, ActivityState
from activities.choices.reviews import ReviewState
from activities.models import Activity, Review, ReviewResult
from activities.parameters.reviews import SHARE
from activities.rules import reviews as rules
from activities.rules.reviews import Ballots, Verdict
from activities.turnout import turnout_of
from config.lib.errors import RuleError
from config.lib.paths import STEP
from config.lib.versions import check_version, save_versioned
from members.choices import AffiliationKind, MembershipStatus, MemberType
from members.models import Affiliation, Member
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.querysets import OrganizationQuerySet
from organizations.signals import facts_changed


@dataclass(frozen=True)
class EntryFacts:
    """What a member says of himself, and what the others said, in one summary."""

    self_grade: str = ""
    self_words: str = ""
    mutual_words: str = ""


@dataclass(frozen=True)
class Papers:
    """At which meeting ballot papers were handed out, and how many came back."""

    activity_id: int
    handed_out: int
    returned: int


def reviewing(user: User) -> OrganizationQuerySet:
    """Branches whose review `user` writes."""
    return (
        Organization.objects.with_right(user, Right.WRITE_REVIEWS)
        .open()
        .branches()
        .order_by("path")
    )


@transaction.atomic
def open_review(*, organization_id: int, year: int, actor: User) -> Review:
    """Begin a branch's review of a year; whoever asks again gets the one there is.

    Reviewed are the full members on its roll today, in good standing. Raises
    Organization.DoesNotExist out of scope, PermissionDenied, RuleError.
    """
    branch = (
        Organization.objects.with_right(actor, Right.VIEW_REVIEWS)
        .open()
        .branches()
        .get(pk=organization_id)
    )
    require(actor, Right.WRITE_REVIEWS, branch)
    today = timezone.localdate()
    rules.check_year(year, today)
    wanted = {"organization": branch, "year": year}
    if (known := Review.objects.filter(**wanted).first()) is not None:
        return known
    people = _reviewable(branch, [AffiliationKind.ON_ROLL])
    if not people:
        raise RuleError("这个支部没有在册的正式党员，不用开展评议。", code="nobody")
    review = Review(
        **wanted,
        street=Organization.objects.get(path=branch.path[:STEP]),
        opened_on=today,
        opened_by=actor,
    )
    try:
        with transaction.atomic():
            review.save(force_insert=True)
    except IntegrityError:
        # The same form arrived twice at once; the other one has just won.
        return Review.objects.get(**wanted)
    ReviewResult.objects.bulk_create(
        ReviewResult(review=review, member_id=pk) for pk in people
    )
    tell(review, actor, "open", since=today, people=len(people))
    return review


def _reviewable(branch: Organization, kinds: Collection[str]) -> dict[int, str]:
    """Ids of full members in good standing who belong to a branch today, and how.

    Somebody with two relations there is on its roll before anything else.
    """
    rows = (
        Affiliation.objects.open()
        .filter(
            organization=branch,
            kind__in=kinds,
            member__member_type=MemberType.FULL,
            member__status=MembershipStatus.NORMAL,
        )
        .order_by("member_id")
        .values_list("member_id", "kind")
    )
    found: dict[int, str] = {}
    for member_id, kind in rows:
        if kind == AffiliationKind.ON_ROLL or member_id not in found:
            found[member_id] = kind
    return found


def addable(review: Review) -> dict[int, str]:
    """Ids of people of the branch who may still be taken in, and how they belong."""
    listed = set(review.results.listed().values_list("member_id", flat=True))
    people = _reviewable(review.organization, AffiliationKind.values)
    return {pk: kind for pk, kind in people.items() if pk not in listed}


@transaction.atomic
def add_people(*, review_id: int, member_ids: Collection[int], actor: User) -> int:
    """Take people of the branch in: who came later, flowed in, or reported here.

    Raises Member.DoesNotExist for anybody else; who is in it already is passed over.
    """
    review = written(review_id, actor, None, *rules.OPEN_STATES)
    wanted = set(member_ids)
    known = {row.member_id: row for row in review.results.filter(member__in=wanted)}
    wanted -= {pk for pk, row in known.items() if row.removed_on is None}
    people = addable(review)
    if not wanted <= set(people):
        raise Member.DoesNotExist
    for pk in sorted(wanted):
        row = known.get(pk) or ReviewResult(review=review, member_id=pk)
        row.is_guest = people[pk] != AffiliationKind.ON_ROLL
        row.removed_on, row.removed_reason = None, ""
        row.save()
    if wanted:
        save_versioned(review, version=review.version)
        tell(review, actor, "add", since=review.opened_on, people=len(wanted))
    return len(wanted)


@transaction.atomic
def take_out(*, result_id: int, reason: str, actor: User) -> ReviewResult:
    """Take somebody out who moved, died or left before the branch decided."""
    review, result = _with_result(result_id, actor, *rules.OPEN_STATES)
    reason = rules.check_words(reason)
    if result.removed_on is None:
        remove_results(review, [result], reason, actor)
    return result


def remove_results(
    review: Review, results: Collection[ReviewResult], reason: str, actor: User | None
) -> None:
    """Take rows out of a review that is locked and open; they stay on record."""
    for result in results:
        result.removed_on, result.removed_reason = timezone.localdate(), reason
        save_versioned(result, version=None)
    save_versioned(review, version=None)
    tell(review, actor, "remove", since=review.opened_on, people=len(results))


@transaction.atomic
def save_entry(
    *, result_id: int, version: int | None, facts: EntryFacts, actor: User
) -> ReviewResult:
    """Write what somebody says of himself and what was said of him."""
    review, result = _with_result(result_id, actor, *rules.OPEN_STATES)
    check_version(result, version)
    if result.removed_on is not None:
        raise RuleError("该同志已移出评议名单，不再填写。", code="removed")
    result.self_grade = facts.self_grade
    result.self_words = facts.self_words.strip()
    result.mutual_words = facts.mutual_words.strip()
    result.full_clean(exclude=["review", "member"], validate_constraints=False)
    save_versioned(result, version=result.version)
    tell(review, actor, "entry")
    return result


@transaction.atomic
def count_ballots(
    *,
    review_id: int,
    version: int | None,
    papers: Papers,
    ballots: Mapping[int, Ballots],
    actor: User,
) -> Review:
    """Write the votes for everybody, by the ids of their rows; again, to mend them.

    Raises Review.DoesNotExist, StaleError, Activity.DoesNotExist for a meeting that is
    no review of this branch, RuleError where a rule refuses.
    """
    review = written(review_id, actor, version, *rules.OPEN_STATES)
    meeting = meetings_of(review).select_for_update(of=("self",), no_key=True)
    activity = meeting.get(pk=papers.activity_id)
    review.handed_out, review.returned = papers.handed_out, papers.returned
    _check_meeting(review, activity)
    results = _listed(review, ballots)
    for result in results:
        votes = ballots[result.pk]
        if fault := rules.ballot_fault(votes, papers.returned):
            raise RuleError(f"{result.member.name}：{fault}", code="ballots")
        result.excellent, result.qualified = votes.excellent, votes.qualified
        result.basic, result.unqualified = votes.basic, votes.unqualified
    ReviewResult.objects.bulk_update(
        results, ["excellent", "qualified", "basic", "unqualified"]
    )
    review.activity = activity
    _move(review, ReviewState.VOTED)
    tell(review, actor, "ballots", returned=papers.returned)
    return review


@transaction.atomic
def decide_review(
    *,
    review_id: int,
    version: int | None,
    verdicts: Mapping[int, Verdict],
    actor: User,
) -> Review:
    """Write what the branch committee finds of everybody; ballots are frozen then.

    Raises RuleError for one excellent too many, by name for a verdict that lacks
    something.
    """
    review = written(review_id, actor, version, ReviewState.VOTED)
    _check_meeting(review, review.activity)
    results = _listed(review, verdicts)
    today = timezone.localdate()
    for result in results:
        verdict = verdicts[result.pk]
        _, fault = rules.verdict_fault(verdict, today)
        if fault:
            raise RuleError(f"{result.member.name}：{fault}", code="verdict")
        result.grade, result.words = verdict.grade, verdict.words.strip()
        result.outcome, result.term_ends_on = verdict.outcome, verdict.term_ends_on
    rules.check_excellent(list(verdicts.values()), parameters.get(SHARE))
    fields = ["grade", "words", "outcome", "term_ends_on"]
    ReviewResult.objects.bulk_update(results, fields)
    review.decided_on = today
    review.returned_words, review.returned_on = "", None
    _move(review, ReviewState.DECIDED)
    tell(review, actor, "decide", people=len(results))
    return review


# What the steps share ----------------------------------------------------------------


def meetings_of(review: Review) -> Any:
    """Meetings of the branch at which this review may have been held."""
    return (
        Activity.objects.held()
        .filter(
            organization=review.organization_id,
            kind=ActivityKind.DEMOCRATIC_REVIEW,
            held_on__gte=date(review.year, 1, 1),
        )
        .exclude(review__in=Review.objects.exclude(pk=review.pk))
        .order_by("-held_on", "-pk")
    )


def _check_meeting(review: Review, activity: Activity | None) -> None:
    """Whether enough came, and no more papers went out than there were hands."""
    if activity is None or activity.state != ActivityState.HELD:
        raise RuleError(
            "登记测评时选的民主评议会已经取消，请重新登记测评结果。", code="activity"
        )
    turnout = turnout_of(activity)
    rules.check_quorum(turnout.expected, turnout.present)
    rules.check_papers(review.handed_out, review.returned, turnout.present)


def _listed(review: Review, given: Mapping[int, object]) -> list[ReviewResult]:
    """Everybody who is reviewed. Raises RuleError where `given` is of others."""
    results = list(review.results.listed().select_related("member").by_name())
    rules.check_whole({result.pk for result in results}, given)
    return results


def locked(review_id: int, actor: User, version: int | None) -> Review:
    """Return the review, locked. Raises Review.DoesNotExist, StaleError."""
    review = (
        Review.objects.visible_to(actor)
        .select_related("organization", "activity")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=review_id)
    )
    check_version(review, version)
    return review


def written(review_id: int, actor: User, version: int | None, *states: str) -> Review:
    """Return a review in one of `states`, locked, that the actor's branch writes."""
    review = locked(review_id, actor, version)
    require(actor, Right.WRITE_REVIEWS, review.organization)
    rules.check_state(review.state, *states)
    return review


def _with_result(
    result_id: int, actor: User, *states: str
) -> tuple[Review, ReviewResult]:
    """One member's row, locked after its review."""
    seen = ReviewResult.objects.visible_to(actor)
    review_id = seen.values_list("review_id", flat=True).get(pk=result_id)
    review = written(review_id, actor, None, *states)
    result = (
        ReviewResult.objects.select_related("member")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=result_id)
    )
    result.review = review
    return review, result


def _move(review: Review, state: str) -> None:
    review.state = state
    save_versioned(review, version=review.version)


def tell(
    review: Review,
    actor: User | None,
    step: str,
    *,
    since: date | None = None,
    **details: Any,
) -> None:
    """Write a step to the trail, and mark the figures from `since`.

    The trail says which review and which step, never whom or what was found.
    """
    audit.record(
        actor=actor,
        action=AuditAction.REVIEW_SAVED,
        target=review,
        organization=review.organization,
        details={"review_step": step, **details},
    )
    if since is not None:
        facts_changed.send(
            sender=Review,
            organization_ids={review.organization_id, review.street_id},
            since=since,
        )
