"""Keeping the terms and courses of the Party school; sessions are activities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Model

from activities.models import Activity, Course, SchoolTerm
from activities.rules import school as rules
from config.lib.errors import RuleError
from config.lib.paths import is_within
from config.lib.versions import save_versioned
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User, WorkUnit


@transaction.atomic
def open_term(
    *,
    organization_id: int,
    name: str,
    starts_on: date,
    ends_on: date,
    partner: WorkUnit | None = None,
    plan: str = "",
    actor: User,
) -> SchoolTerm:
    """Open a term of a street's or community's school.

    The same term once more is the first one. Raises Organization.DoesNotExist out of
    scope, PermissionDenied, RuleError.
    """
    organization = _locked_place(organization_id, actor)
    facts = {
        "name": name.strip(),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "partner": partner,
        "plan": plan.strip(),
    }
    rules.check_term(organization.kind, starts_on, ends_on)
    own = SchoolTerm.objects.filter(organization=organization, name=facts["name"])
    if (known := own.first()) is not None and _is_same(known, facts):
        return known
    term = SchoolTerm(organization=organization, recorded_by=actor, **facts)
    term.full_clean()
    term.save(force_insert=True)
    _tell(term, term, actor)
    return term


@transaction.atomic
def amend_term(
    *,
    term_id: int,
    version: int | None,
    name: str,
    starts_on: date,
    ends_on: date,
    partner: WorkUnit | None = None,
    plan: str = "",
    actor: User,
) -> SchoolTerm:
    """Change a term; its sessions stay inside it. Raises as `open_term`, StaleError."""
    term = _locked_term(term_id, actor)
    rules.check_term(term.organization.kind, starts_on, ends_on)
    held = Activity.objects.held().filter(course__term=term)
    days = held.order_by("held_on").values_list("held_on", flat=True).distinct()
    rules.check_sessions_inside(starts_on, ends_on, list(days))
    term.name, term.plan, term.partner = name.strip(), plan.strip(), partner
    term.starts_on, term.ends_on = starts_on, ends_on
    _save(term, version)
    _tell(term, term, actor)
    return term


@transaction.atomic
def save_course(
    *,
    term_id: int,
    course_id: int | None = None,
    version: int | None = None,
    title: str,
    lecturer: str,
    lecturer_post: str = "",
    hours: Decimal,
    audience: str = "",
    expected_people: int | None = None,
    actor: User,
) -> Course:
    """Add a course to a term, or change one; the same once more is the first one.

    Raises SchoolTerm.DoesNotExist or Course.DoesNotExist out of scope,
    PermissionDenied, StaleError, RuleError.
    """
    term = _locked_term(term_id, actor)
    facts = {
        "title": title.strip(),
        "lecturer": lecturer.strip(),
        "lecturer_post": lecturer_post.strip(),
        "hours": hours,
        "audience": audience.strip(),
        "expected_people": expected_people,
    }
    if course_id is None:
        known = term.courses.filter(title=facts["title"]).first()
        if known is not None and _is_same(known, facts):
            return known
        course = Course(term=term, **facts)
        course.full_clean()
        course.save(force_insert=True)
    else:
        course = term.courses.select_for_update().get(pk=course_id)
        for field, value in facts.items():
            setattr(course, field, value)
        _save(course, version)
    _tell(course, term, actor)
    return course


def course_for_session(
    activity: Activity, course_id: int | None, kind: str, held_on: date
) -> Course | None:
    """The course that `activity` is to be a session of.

    Raises RuleError unless its organizer belongs to the school, or belonged to it
    when that was written down, and unless day and kind fit.
    """
    if course_id is None:
        return None
    courses = Course.objects.select_related("term__organization")
    course = courses.filter(pk=course_id).first()
    is_new = activity.course_id != course_id
    if course is None or (
        is_new
        and not is_within(activity.organization.path, course.term.organization.path)
    ):
        raise RuleError("所选的课程不是本党组织所在党校的，请重新选择。", code="course")
    rules.check_session(kind, held_on, course.term.starts_on, course.term.ends_on)
    return course


def _locked_place(organization_id: int, actor: User) -> Organization:
    """The place, whose row everybody waits for who opens a term of it."""
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .select_for_update(no_key=True)
        .get(pk=organization_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, organization)
    return organization


def _locked_term(term_id: int, actor: User) -> SchoolTerm:
    term = (
        SchoolTerm.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .get(pk=term_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, term.organization)
    return term


def _is_same(known: Model, facts: Mapping[str, Any]) -> bool:
    return all(getattr(known, name) == value for name, value in facts.items())


def _save(row: SchoolTerm | Course, version: int | None) -> None:
    row.full_clean()
    save_versioned(row, version=version)


def _tell(target: Model, term: SchoolTerm, actor: User) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.SCHOOL_SAVED,
        target=target,
        organization=term.organization,
    )
