"""Instructors: selected, amended, given units, ended; the unit's coverage follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min
from django.db.models.functions import Greatest
from django.utils import timezone

from config.lib.dates import clean_text, months_after
from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.versions import check_version, save_versioned
from members.choices import MembershipStatus, MemberType
from members.choices.instructors import InstructorSource
from members.models import Instructor, InstructorPosting, Member
from members.parameters.instructors import TERM_YEARS
from members.rules import instructors as rules
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Coverage, Organization, User, WorkUnit
from organizations.services.census import locked_unit, place_of, require_in_use
from organizations.signals import facts_changed


@dataclass(frozen=True)
class InstructorFacts:
    """`member_id` names a full member known to the portal; else `name` is words.

    Without `ends_on` the term is of the usual length. A `phone` of None stays.
    """

    source: str
    starts_on: date
    name: str = ""
    member_id: int | None = None
    work: str = ""
    phone: str | None = None
    words: str = ""
    ends_on: date | None = None


@transaction.atomic
def select_instructor(
    *,
    organization_id: int,
    facts: InstructorFacts,
    actor: User,
    request_id: UUID | None = None,
) -> Instructor:
    """Register an instructor. A repeated `request_id` returns that of the first time.

    Raises Organization.DoesNotExist, Member.DoesNotExist out of scope, RuleError.
    """
    places = Organization.objects.with_right(actor, Right.KEEP_COVERAGE).open()
    place = places.select_for_update(of=("self",), no_key=True).get(pk=organization_id)
    if request_id is not None:
        own = Instructor.objects.kept_by(actor)
        earlier = own.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    instructor = Instructor(
        organization=place, recorded_by=actor, request_id=request_id
    )
    if facts.member_id is not None:
        instructor.member = _full_member(facts.member_id, actor)
        instructor.name = instructor.member.name
    _apply(instructor, facts)
    instructor.save(force_insert=True)
    tell(instructor, "selected", actor, since=instructor.starts_on)
    return instructor


@transaction.atomic
def amend_instructor(
    *,
    instructor_id: int,
    facts: InstructorFacts,
    version: int | None = None,
    actor: User,
) -> Instructor:
    """Put right what is known of an instructor, or prolong the term; who stays.

    Raises Instructor.DoesNotExist, StaleError, RuleError.
    """
    instructor = kept_instructor(instructor_id, actor)
    check_version(instructor, version)
    _require_in_office(instructor)
    first = instructor.starts_on
    _apply(instructor, facts)
    _check_first_day(instructor)
    save_versioned(instructor, version=None)
    since = min(first, instructor.starts_on)
    tell(instructor, "amended", actor, since=since)
    return instructor


@transaction.atomic
def end_instructor(
    *,
    instructor_id: int,
    on_date: date,
    reason: str,
    version: int | None = None,
    actor: User,
) -> Instructor:
    """Let an instructor go; the units he guides are left without one from that day.

    Raises Instructor.DoesNotExist, StaleError, RuleError.
    """
    instructor = kept_instructor(instructor_id, actor)
    check_version(instructor, version)
    _require_in_office(instructor)
    if not reason.strip():
        raise RuleError("请写明离任的原因。", code="reason")
    rules.check_within(
        on_date,
        starts_on=instructor.starts_on,
        last=timezone.localdate(),
        what="离任日期",
    )
    last = instructor.records.standing().order_by("-held_on").first()
    if last is not None and last.held_on > on_date:
        raise RuleError(
            f"{last.held_on}还有工作记录，离任日期不能更早，请核对。", code="on_date"
        )
    instructor.ended_on, instructor.ended_reason = on_date, reason.strip()
    save_versioned(instructor, version=None)
    for posting in instructor.postings.open().select_related("unit__community"):
        _end(posting, on_date)
    tell(instructor, "ended", actor, since=on_date)
    return instructor


@transaction.atomic
def assign_unit(
    *, instructor_id: int, unit_id: int, starts_on: date, actor: User
) -> InstructorPosting:
    """Let an instructor guide a unit; of another's unit that one is named.

    Raises WorkUnit.DoesNotExist, Instructor.DoesNotExist out of scope, RuleError.
    """
    unit = locked_unit(unit_id, actor)
    require_in_use(unit)
    instructor = seen_instructor(instructor_id, actor)
    earlier = unit.instructor_postings.open().select_related("instructor").first()
    if earlier is not None:
        if earlier.instructor_id == instructor.pk:
            return earlier
        raise RuleError(
            f"“{unit}”已由指导员{earlier.instructor}联系；换人的，请先结束那一位的联系。",
            code="unit",
        )
    return _assign(instructor, unit, starts_on, actor)


@transaction.atomic
def end_posting(*, posting_id: int, on_date: date, actor: User) -> InstructorPosting:
    """Let an instructor no longer guide a unit.

    Raises InstructorPosting.DoesNotExist out of scope, RuleError.
    """
    seen = InstructorPosting.objects.visible_to(actor).get(pk=posting_id)
    unit = locked_unit(seen.unit_id, actor)
    seen_instructor(seen.instructor_id, actor)
    posting = unit.instructor_postings.select_related("instructor").get(pk=posting_id)
    if posting.ends_on is not None:
        raise RuleError("这家单位的联系已经结束。", code="ends_on")
    _check_end(posting, on_date)
    posting.unit = unit
    _end(posting, on_date)
    tell(posting.instructor, "unit_left", actor)
    return posting


def follow_decision(
    *,
    unit: WorkUnit,
    row: Coverage,
    before: str,
    instructor_id: int | None,
    actor: User,
) -> None:
    """Let the unit's instructor be the one that a decision on its coverage names.

    `before` is the form that stood. In the caller's transaction, the unit locked.
    """
    open_ones = unit.instructor_postings.open()
    concerned = set(open_ones.values_list("instructor_id", flat=True))
    if instructor_id is not None:
        concerned.add(instructor_id)
    # In one order: two decisions may exchange the same two instructors.
    list(
        Instructor.objects.filter(pk__in=concerned)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
    )
    posting = open_ones.all().select_related("instructor").first()
    is_sent = row.form == "instructor"
    if posting is not None:
        if is_sent and posting.instructor_id == instructor_id:
            return
        if not is_sent and before != "instructor":
            return  # guided beside another form, and still is
        _check_end(posting, row.starts_on)
        posting.unit = unit
        _end(posting, row.starts_on)
        tell(posting.instructor, "unit_left", actor)
    if is_sent and instructor_id is not None:
        instructor = seen_instructor(instructor_id, actor)
        _assign(instructor, unit, row.starts_on, actor)


# What the services of instructors share ---------------------------------------


def seen_instructor(instructor_id: int, actor: User) -> Instructor:
    """The instructor, locked, where the actor sees him."""
    rows = Instructor.objects.visible_to(actor).select_related("organization")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=instructor_id)


def kept_instructor(instructor_id: int, actor: User) -> Instructor:
    """The instructor, locked, where the actor keeps coverage."""
    instructor = seen_instructor(instructor_id, actor)
    require(actor, Right.KEEP_COVERAGE, instructor.organization)
    return instructor


def tell(
    instructor: Instructor, step: str, actor: User, *, since: date | None = None
) -> None:
    """Write the audit trail; `since` lets the figures of who sent him follow."""
    audit.record(
        actor=actor,
        action=AuditAction.INSTRUCTOR_SAVED,
        target=instructor,
        organization=instructor.organization,
        details={"instructor_step": step},
    )
    if since is not None:
        tell_place(instructor.organization, since)


def tell_place(place: Organization | None, since: date) -> None:
    if place is not None:
        facts_changed.send(sender=Instructor, organization_ids={place.pk}, since=since)


def hand_over_instructors(*, source: Organization, target: Organization) -> None:
    """Let the one an organization merges into keep its instructors.

    In the caller's transaction.
    """
    rows = Instructor.objects.filter(organization=source)
    first = rows.order_by("starts_on").values_list("starts_on", flat=True).first()
    rows.update(organization=target)
    if first is not None:
        facts_changed.send(
            sender=Instructor, organization_ids={source.pk, target.pk}, since=first
        )


def follow_units(*, units: Any, places: set[int], is_struck: bool) -> None:
    """Let figures follow units that changed their place; end what was struck off.

    In the caller's transaction.
    """
    postings = InstructorPosting.objects.filter(unit__in=units)
    first = postings.order_by("starts_on").values_list("starts_on", flat=True).first()
    if first is None:
        return
    if is_struck:
        today = timezone.localdate()
        postings.open().update(ends_on=Greatest(F("starts_on"), today))
    if places:
        facts_changed.send(
            sender=InstructorPosting, organization_ids=places, since=first
        )


def _full_member(member_id: int, actor: User) -> Member:
    """The member, held, that nobody else is sending in the same moment."""
    rows = Member.objects.visible_to(actor)
    member = rows.select_for_update(of=("self",), no_key=True).get(pk=member_id)
    if (
        member.member_type != MemberType.FULL
        or member.status != MembershipStatus.NORMAL
    ):
        raise RuleError("指导员应当是党籍正常的正式党员，请另选。", code="name")
    if Instructor.objects.filter(member=member).in_office().exists():
        raise RuleError(
            f"{member.name}已经是在任的党建工作指导员，不用再登记。", code="name"
        )
    return member


def _apply(instructor: Instructor, facts: InstructorFacts) -> None:
    if facts.source not in InstructorSource:
        raise RuleError("请从所列的来源中选择。", code="source")
    ends_on = facts.ends_on or months_after(
        facts.starts_on, 12 * parameters.get(TERM_YEARS)
    )
    rules.check_term(facts.starts_on, ends_on, timezone.localdate())
    if instructor.member_id is None:
        instructor.name = clean_text(facts.name)
    if not instructor.name:
        raise RuleError("请填写指导员的姓名。", code="name")
    instructor.source, instructor.work = facts.source, clean_text(facts.work)
    instructor.starts_on, instructor.ends_on = facts.starts_on, ends_on
    instructor.words = facts.words.strip()
    if facts.phone is not None:
        instructor.phone = normalize_phone(facts.phone)
    instructor.clean_fields(exclude=["organization", "member", "recorded_by"])


def _check_first_day(instructor: Instructor) -> None:
    """Raise RuleError for units or reports of days before the term."""
    days = (
        ("联系的单位", instructor.postings.aggregate(day=Min("starts_on"))),
        ("工作记录", instructor.records.standing().aggregate(day=Min("held_on"))),
    )
    for what, found in days:
        if found["day"] and found["day"] < instructor.starts_on:
            raise RuleError(
                f"{found['day']}已有{what}，选派日期不能更晚，请核对。",
                code="starts_on",
            )


def _require_in_office(instructor: Instructor) -> None:
    if instructor.ended_on is not None:
        raise RuleError(f"指导员已于{instructor.ended_on}离任。", code="ended_on")


def _assign(
    instructor: Instructor, unit: WorkUnit, starts_on: date, actor: User
) -> InstructorPosting:
    _require_in_office(instructor)
    rules.check_within(
        starts_on,
        starts_on=instructor.starts_on,
        last=timezone.localdate(),
        what="联系起始日期",
    )
    last = unit.instructor_postings.order_by("-ends_on").first()
    if last is not None and last.ends_on and last.ends_on > starts_on:
        raise RuleError(
            f"这家单位到{last.ends_on}还由别的指导员联系，起始日期不能更早，请核对。",
            code="day",
        )
    posting = InstructorPosting.objects.create(
        instructor=instructor, unit=unit, starts_on=starts_on, recorded_by=actor
    )
    tell(instructor, "unit_taken", actor)
    tell_place(place_of(unit), starts_on)
    return posting


def _check_end(posting: InstructorPosting, on_date: date) -> None:
    rules.check_within(
        on_date,
        starts_on=posting.starts_on,
        last=timezone.localdate(),
        what="结束联系的日期",
    )
    last = posting.records.standing().order_by("-held_on").first()
    if last is not None and last.held_on > on_date:
        raise RuleError(
            f"{last.held_on}还有走访或电话记录，日期不能更早，请核对。", code="day"
        )


def _end(posting: Any, on_date: date) -> None:
    posting.ends_on = max(on_date, posting.starts_on)
    posting.save(update_fields=["ends_on"])
    tell_place(place_of(posting.unit), on_date)
