"""What follows a recognition: the yearly review, and the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from members.choices.hardship import CaseEnd, CaseState, FindingKind
from members.models import HardshipCase, HardshipFinding, Member
from members.parameters.hardship import LINES
from members.rules import hardship as rules
from members.services.hardship import locked, place_of, require, save, tell
from organizations import parameters
from organizations.access import Right
from organizations.models import User


@dataclass(frozen=True)
class Review:
    """What a review found; without a level nobody is in difficulty any more."""

    reviewed_on: date
    level: str
    household_size: int
    income_per_head: Decimal
    words: str = ""


@transaction.atomic
def review_case(
    *, case_id: int, review: Review, version: int | None, actor: User
) -> HardshipCase:
    """Record the yearly review; it ends the case where the difficulty is over.

    The branch may write down that all is as it was; what changes the level is for
    whoever recognizes.
    """
    case = locked(case_id, actor, version)
    require(actor, case, Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP)
    # A review is a finding about a recognized case, whatever comes of it.
    rules.check_next(case.state, CaseState.ENDED)
    last = _last(case)
    rules.check_review(review.reviewed_on, last.starts_on, timezone.localdate())
    rules.check_reviewer(
        actor.has_right_at(Right.RECOGNIZE_HARDSHIP, place_of(case)),
        is_kept=review.level == case.level,
    )
    _finish(last, review.reviewed_on)
    is_over = not review.level
    HardshipFinding(
        case=case,
        kind=FindingKind.REVIEWED,
        starts_on=review.reviewed_on,
        ends_on=review.reviewed_on if is_over else None,
        level=review.level,
        household_size=review.household_size,
        income_per_head=review.income_per_head,
        line=rules.line_on(parameters.get(LINES), review.reviewed_on),
        words=review.words.strip(),
        decided_by=actor,
    ).save(force_insert=True)
    if is_over:
        _put_end(case, review.reviewed_on, CaseEnd.RELIEVED)
    else:
        case.level = review.level
        save(case, CaseState.RECOGNIZED)
    tell(case, actor, since=review.reviewed_on, case_step="review")
    return case


@transaction.atomic
def end_case(
    *,
    case_id: int,
    ended_on: date,
    reason: str,
    words: str,
    version: int | None,
    actor: User,
) -> HardshipCase:
    """End the care for somebody between two reviews."""
    case = locked(case_id, actor, version)
    require(actor, case, Right.RECOGNIZE_HARDSHIP)
    rules.check_next(case.state, CaseState.ENDED)
    last = _last(case)
    rules.check_day(
        ended_on, "结束日期", first=last.starts_on, today=timezone.localdate()
    )
    case.closing_words = rules.check_words(words)
    _finish(last, ended_on)
    _put_end(case, ended_on, reason)
    tell(case, actor, since=ended_on, case_step="end")
    return case


def close_of_leaver(member: Member, day: date, actor: User) -> None:
    """Close what is open for somebody who has left: transferred, died, removed."""
    for case in _open_of(member):
        settle(case, day, CaseEnd.LEFT, actor)


def settle_doubles(kept: Member, gone: Member, actor: User) -> None:
    """Of two open cases of one person keep the one that came further.

    Without a word to whoever merges the records: he may not know of either.
    """
    cases = [case for member in (kept, gone) for case in _open_of(member)]
    if len(cases) < 2:
        return
    order: list[str] = list(rules.OPEN_STATES)
    # The kept record's own where both came as far.
    cases.sort(key=lambda c: (-order.index(c.state), c.member_id != kept.pk))
    for case in cases[1:]:
        settle(case, timezone.localdate(), CaseEnd.MERGED, actor)


def settle(case: HardshipCase, day: date, reason: CaseEnd, actor: User) -> None:
    """End or withdraw a locked case for a reason that lies outside it."""
    if case.state == CaseState.RECOGNIZED:
        last = _last(case)
        day = max(day, last.starts_on)
        _finish(last, day)
        _put_end(case, day, reason)
        tell(case, actor, since=day, case_step="end")
        return
    case.ended_on, case.end_reason = day, reason
    save(case, CaseState.WITHDRAWN)
    tell(case, actor, case_step="withdraw")


def _open_of(member: Member) -> list[HardshipCase]:
    return list(
        HardshipCase.objects.open()
        .filter(member=member)
        .select_related("member", "organization", "street")
        .select_for_update(of=("self",), no_key=True)
    )


def _last(case: HardshipCase) -> HardshipFinding:
    """The finding in force."""
    return case.findings.get(ends_on__isnull=True)


def _finish(finding: HardshipFinding, day: date) -> None:
    finding.ends_on = day
    finding.save(update_fields=["ends_on"])


def _put_end(case: HardshipCase, day: date, reason: str) -> None:
    case.ended_on, case.end_reason = day, reason
    save(case, CaseState.ENDED)
