"""What instructors did: visits, calls, reports; and how their years were graded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices.instructors import UNIT_KINDS, InstructorGrade, RecordKind
from members.models import (
    Instructor,
    InstructorAppraisal,
    InstructorPosting,
    InstructorRecord,
)
from members.rules import instructors as rules
from members.services.instructors import (
    kept_instructor,
    seen_instructor,
    tell,
    tell_place,
)
from organizations.access import Right, require
from organizations.models import User
from organizations.services.census import place_of


@dataclass(frozen=True)
class RecordFacts:
    """`posting_ids` are the units visited or called; a report has none."""

    kind: str
    held_on: date
    posting_ids: Sequence[int] = ()
    words: str = ""


@transaction.atomic
def record_work(
    *,
    instructor_id: int,
    facts: RecordFacts,
    actor: User,
    request_id: UUID | None = None,
) -> list[InstructorRecord]:
    """Write down a visit or call to each unit, or a report, once a `request_id`.

    Raises Instructor.DoesNotExist, InstructorPosting.DoesNotExist out of scope,
    RuleError.
    """
    instructor = seen_instructor(instructor_id, actor)
    if facts.kind not in RecordKind:
        raise RuleError("请从所列的种类中选择。", code="kind")
    if facts.kind not in UNIT_KINDS:
        return [_report(instructor, facts, actor, request_id)]
    if not facts.posting_ids:
        raise RuleError("请勾选走访或者电话联系的单位。", code="postings")
    made = [
        _contact(instructor, pk, facts, actor, request_id)
        for pk in sorted(set(facts.posting_ids))
    ]
    if any(is_new for _, is_new in made):
        tell(instructor, facts.kind, actor)
    return [record for record, _ in made]


@transaction.atomic
def withdraw_record(*, record_id: int, reason: str, actor: User) -> InstructorRecord:
    """Take back what was recorded by mistake. Raises InstructorRecord.DoesNotExist."""
    rows = InstructorRecord.objects.visible_to(actor)
    seen = rows.get(pk=record_id)
    instructor = seen_instructor(seen.instructor_id, actor)
    record = rows.select_related("posting__unit__community__organization").get(
        pk=record_id
    )
    if record.withdrawn_at is not None:
        raise RuleError("这条记录已经撤回。", code="withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    record.withdrawn_at, record.withdrawn_reason = timezone.now(), reason.strip()
    record.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    tell(instructor, "record_withdrawn", actor)
    if record.posting is not None:
        tell_place(place_of(record.posting.unit), record.held_on)
    return record


@transaction.atomic
def appraise(
    *,
    instructor_id: int,
    year: int,
    grade: str,
    decided_on: date,
    words: str = "",
    actor: User,
) -> InstructorAppraisal:
    """Grade a year; graded before, it is put right.

    Raises Instructor.DoesNotExist, RuleError.
    """
    instructor = kept_instructor(instructor_id, actor)
    today = timezone.localdate()
    if grade not in InstructorGrade:
        raise RuleError("请从四个等次中选择。", code="grade")
    rules.check_year(
        year, starts_on=instructor.starts_on, last=instructor.ended_on or today
    )
    first = max(date(year, 1, 1), instructor.starts_on)
    if not first <= decided_on <= today:
        raise RuleError(
            f"评定日期（{decided_on}）不能早于{first}，也不能晚于今天。",
            code="decided_on",
        )
    if grade == InstructorGrade.INCOMPETENT and not words.strip():
        raise RuleError("评为不称职的，请写明理由和整改或者召回的意见。", code="words")
    appraisal, _ = InstructorAppraisal.objects.update_or_create(
        instructor=instructor,
        year=year,
        defaults={
            "grade": grade,
            "decided_on": decided_on,
            "words": words.strip(),
            "recorded_by": actor,
        },
    )
    tell(instructor, "appraised", actor)
    return appraisal


def _report(
    instructor: Instructor, facts: RecordFacts, actor: User, request_id: UUID | None
) -> InstructorRecord:
    require(actor, Right.KEEP_COVERAGE, instructor.organization)
    if not facts.words.strip():
        raise RuleError("请写明汇报的内容。", code="words")
    _check_day(facts.held_on, instructor.starts_on, instructor.ended_on)
    record, is_new = _write(instructor, None, facts, actor, request_id)
    if is_new:
        tell(instructor, "report", actor)
    return record


def _contact(
    instructor: Instructor,
    posting_id: int,
    facts: RecordFacts,
    actor: User,
    request_id: UUID | None,
) -> tuple[InstructorRecord, bool]:
    rows: Any = InstructorPosting.objects.visible_to(actor).filter(
        instructor=instructor
    )
    posting = rows.select_related("unit__community__organization").get(pk=posting_id)
    _check_day(facts.held_on, posting.starts_on, posting.ends_on)
    own_id = uuid5(request_id, str(posting.pk)) if request_id else None
    record, is_new = _write(instructor, posting, facts, actor, own_id)
    if is_new:
        tell_place(place_of(posting.unit), facts.held_on)
    return record, is_new


def _check_day(day: date, begin: date, end: date | None) -> None:
    today = timezone.localdate()
    rules.check_within(
        day, starts_on=begin, last=min(end, today) if end else today, what="日期"
    )


def _write(
    instructor: Instructor,
    posting: InstructorPosting | None,
    facts: RecordFacts,
    actor: User,
    request_id: UUID | None,
) -> tuple[InstructorRecord, bool]:
    """The record, and whether it was not there before."""
    if request_id is not None:
        earlier = instructor.records.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier, False
    record = InstructorRecord.objects.create(
        instructor=instructor,
        posting=posting,
        kind=facts.kind,
        held_on=facts.held_on,
        words=facts.words.strip(),
        recorded_by=actor,
        request_id=request_id,
    )
    return record, True
