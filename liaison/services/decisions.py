"""Decisions of a joint conference: who does what by when, followed until closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import check_version
from liaison.models import ConferenceDecision, ConferenceMeeting, DecisionNote
from liaison.rules import conferences as rules
from liaison.services.agenda import tell_figures
from liaison.services.conferences import tell
from liaison.services.meetings import open_meeting
from organizations.models import User


@dataclass(frozen=True)
class DecisionFacts:
    """`seat_id` None: the calling organization does it itself."""

    words: str
    due_on: date
    seat_id: int | None = None
    item_id: int | None = None


@transaction.atomic
def decide(
    *,
    meeting_id: int,
    facts: DecisionFacts,
    actor: User,
    request_id: UUID | None = None,
) -> ConferenceDecision:
    """Write down what a meeting decided. A repeated `request_id` returns the first.

    Raises ConferenceMeeting.DoesNotExist, ConferenceSeat.DoesNotExist,
    AgendaItem.DoesNotExist, RuleError.
    """
    meeting = open_meeting(meeting_id, actor)
    if request_id is not None:
        earlier = meeting.decisions.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    if meeting.held_at is None:
        raise RuleError("请先登记到会情况，再登记议定事项。", code="held")
    decision = ConferenceDecision(
        meeting=meeting, recorded_by=actor, request_id=request_id
    )
    _apply(decision, meeting, facts)
    decision.save(force_insert=True)
    tell(meeting.conference, "decided", actor)
    tell_figures(meeting)
    return decision


@transaction.atomic
def amend_decision(
    *,
    decision_id: int,
    facts: DecisionFacts,
    version: int | None = None,
    actor: User,
) -> ConferenceDecision:
    """Put right what was written down wrongly; one that is closed stays.

    Raises ConferenceDecision.DoesNotExist, StaleError, RuleError.
    """
    decision = open_decision(decision_id, actor)
    check_version(decision, version)
    _apply(decision, decision.meeting, facts)
    _save(decision)
    tell(decision.meeting.conference, "decision_amended", actor)
    tell_figures(decision.meeting)
    return decision


@transaction.atomic
def note_progress(
    *,
    decision_id: int,
    words: str,
    actor: User,
    request_id: UUID | None = None,
) -> DecisionNote:
    """Write down how a decision goes on. A repeated `request_id` returns the first."""
    decision = open_decision(decision_id, actor)
    if request_id is not None:
        earlier = decision.notes.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    if not words.strip():
        raise RuleError("请写一两句进展。", code="words")
    note = DecisionNote(
        decision=decision, words=words.strip(), noted_by=actor, request_id=request_id
    )
    note.save(force_insert=True)
    tell(decision.meeting.conference, "decision_noted", actor)
    return note


@transaction.atomic
def close_decision(
    *,
    decision_id: int,
    closed_on: date,
    outcome: str,
    version: int | None = None,
    actor: User,
) -> ConferenceDecision:
    """Say that a decision is carried out, and how."""
    decision = open_decision(decision_id, actor)
    check_version(decision, version)
    rules.check_begin(
        closed_on,
        earliest=decision.meeting.meets_on,
        today=timezone.localdate(),
        code="closed_on",
    )
    if not outcome.strip():
        raise RuleError("请写明办结的情况。", code="outcome")
    decision.closed_on, decision.outcome = closed_on, outcome.strip()
    decision.closed_by = actor
    _save(decision)
    tell(decision.meeting.conference, "decision_closed", actor)
    tell_figures(decision.meeting)
    return decision


def open_decision(decision_id: int, actor: User) -> ConferenceDecision:
    """A decision not closed that `actor` keeps, its conference locked."""
    seen = ConferenceDecision.objects.visible_to(actor)
    meeting = open_meeting(seen.get(pk=decision_id).meeting_id, actor)
    decision = seen.with_owner().get(pk=decision_id)
    decision.meeting = meeting
    if decision.closed_on is not None:
        raise RuleError(f"这一项已于{decision.closed_on}办结。", code="closed")
    return decision


def _apply(
    decision: ConferenceDecision, meeting: ConferenceMeeting, facts: DecisionFacts
) -> None:
    rules.check_due(facts.due_on, meets_on=meeting.meets_on)
    seats, items = meeting.conference.seats, meeting.agenda
    decision.seat = seats.get(pk=facts.seat_id) if facts.seat_id else None
    decision.item = items.get(pk=facts.item_id) if facts.item_id else None
    decision.words, decision.due_on = facts.words.strip(), facts.due_on
    decision.clean_fields(exclude=["meeting", "item", "seat", "recorded_by"])


def _save(decision: ConferenceDecision) -> None:
    decision.version += 1
    decision.save()
