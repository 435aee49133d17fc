"""The census of two-new units (一企一表) and door visits to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.versions import check_version
from organizations import audit, coverage_rules
from organizations.access import require_right
from organizations.choices import AuditAction
from organizations.coverage_choices import TWO_NEW_KINDS, UnitState
from organizations.coverage_querysets import KEEPS
from organizations.coverage_reads import known_units
from organizations.coverage_rules import Counts
from organizations.models import (
    CensusSheet,
    Coverage,
    DoorVisit,
    Organization,
    User,
    WorkUnit,
)
from organizations.signals import facts_changed, units_moved


@dataclass(frozen=True)
class SheetFacts:
    """What was found; see `CensusSheet`."""

    found_on: date
    state: str
    counts: Counts = field(default_factory=Counts)
    owner_name: str = ""
    owner_is_member: bool = False
    # None keeps the number of the sheet before.
    owner_phone: str | None = None
    words: str = ""
    is_surveyed: bool = True


@dataclass(frozen=True)
class VisitFacts:
    visited_on: date
    visitors: str
    outcome: str
    met: str = ""
    words: str = ""
    next_on: date | None = None


@transaction.atomic
def record_sheet(
    *, unit_id: int, facts: SheetFacts, version: int | None = None, actor: User
) -> CensusSheet:
    """Write down what a unit was found to be; the sheet before ends on that day.

    Of the same day it is put right instead. `version` is that of the sheet the form
    showed, 0 for none. Raises WorkUnit.DoesNotExist out of scope, RuleError,
    StaleError.
    """
    unit = locked_unit(unit_id, actor)
    require_in_use(unit)
    last = unit.census_sheets.open().first()
    if version is not None:
        check_version(last or CensusSheet(version=0), version)
    coverage_rules.check_day(
        facts.found_on,
        today=timezone.localdate(),
        since=first_free_day(unit.census_sheets),
        what="核查日期",
    )
    coverage_rules.check_counts(facts.counts)
    if last is not None and last.starts_on == facts.found_on:
        sheet = last
        sheet.version += 1
    else:
        _end(last, facts.found_on)
        sheet = CensusSheet(unit=unit, starts_on=facts.found_on)
        sheet.owner_phone = last.owner_phone if last else ""
    _apply(sheet, facts)
    sheet.recorded_by = actor
    sheet.full_clean()
    sheet.save()
    tell(unit, "sheet", actor, since=facts.found_on)
    return sheet


@transaction.atomic
def record_door_visit(
    *, unit_id: int, facts: VisitFacts, actor: User, request_id: UUID | None = None
) -> DoorVisit:
    """Write down a visit; a repeated `request_id` returns that of the first time."""
    unit = locked_unit(unit_id, actor)
    require_in_use(unit)
    if request_id is not None:
        earlier = unit.door_visits.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    coverage_rules.check_day(
        facts.visited_on, today=timezone.localdate(), since=None, what="上门日期"
    )
    visit = DoorVisit(
        unit=unit,
        visited_on=facts.visited_on,
        visitors=facts.visitors.strip(),
        met=facts.met.strip(),
        outcome=facts.outcome,
        words=facts.words.strip(),
        next_on=facts.next_on,
        recorded_by=actor,
        request_id=request_id,
    )
    visit.full_clean()
    visit.save(force_insert=True)
    tell(unit, "visit", actor, since=facts.visited_on)
    return visit


@transaction.atomic
def withdraw_door_visit(*, visit_id: int, reason: str, actor: User) -> DoorVisit:
    """Take back what was recorded by mistake. Raises DoorVisit.DoesNotExist."""
    seen = DoorVisit.objects.visible_to(actor).get(pk=visit_id)
    unit = locked_unit(seen.unit_id, actor)
    visit = DoorVisit.objects.select_for_update(of=("self",)).get(pk=visit_id)
    if visit.withdrawn_at is not None:
        raise RuleError("这次上门记录已经撤回。", code="withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    visit.withdrawn_at, visit.withdrawn_reason = timezone.now(), reason.strip()
    visit.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    tell(unit, "visit_withdrawn", actor, since=visit.visited_on)
    return visit


# What the services of coverage share ----------------------------------------


def locked_unit(unit_id: int, actor: User) -> WorkUnit:
    """The unit, locked: entries about one unit come in turn."""
    require_right(actor, KEEPS)
    units = known_units(actor).select_related("community__organization", "organization")
    return units.select_for_update(of=("self",), no_key=True).get(pk=unit_id)


def first_free_day(rows: Any) -> date | None:
    """The first day on which the next of a unit's rows may begin.

    A unit that comes back into the register has ended rows only.
    """
    last = rows.first()
    return (last.ends_on or last.starts_on) if last is not None else None


def require_in_use(unit: WorkUnit) -> None:
    if not (unit.is_active and unit.is_resident):
        raise RuleError(
            f"“{unit}”已移出两新名册，不能再登记；重新纳入请在工作单位里勾选“在用”"
            "和“驻区单位”。",
            code="struck",
        )


def place_of(unit: WorkUnit) -> Organization | None:
    return unit.community.organization if unit.community else None


def tell(unit: WorkUnit, step: str, actor: Any, *, since: date) -> None:
    """Write the audit trail and let figures follow."""
    place = place_of(unit)
    audit.record(
        actor=actor,
        action=AuditAction.COVERAGE_SAVED,
        target=unit,
        organization=place,
        details={"coverage_step": step},
    )
    if place is not None:
        tell_places({place.pk}, since=since)


def tell_places(ids: set[int], *, since: date) -> None:
    facts_changed.send(sender=Coverage, organization_ids=ids, since=since)


def end_entries(unit: WorkUnit, day: date) -> None:
    """End the sheet and the coverage of a unit that leaves the register."""
    for rows in (unit.census_sheets, unit.coverages):
        _end(rows.open().first(), day)


def follow_unit(unit: WorkUnit, before: dict[str, Any]) -> None:
    """After a change of the unit itself: of its place, or that it is in the register.

    `before` holds old values of the fields that changed. In the caller's transaction.
    """
    if not {"community", "kind", "is_active", "is_resident"} & set(before):
        return
    in_register = unit.is_active and unit.is_resident and unit.kind in TWO_NEW_KINDS
    was_at = before.get("community", unit.community)
    places = {c.organization_id for c in (was_at, unit.community) if c is not None}
    units_moved.send(
        sender=WorkUnit, units=[unit], places=places, is_struck=not in_register
    )
    first = unit.census_sheets.aggregate(first=Min("starts_on"))["first"]
    first = first or unit.coverages.aggregate(first=Min("starts_on"))["first"]
    if first is None:
        return
    if not in_register:
        end_entries(unit, timezone.localdate())
    if places:
        tell_places(places, since=first)


def hand_over_coverage(source: Organization, target: Organization) -> None:
    """Let the organization that another merges into cover what that one did."""
    Coverage.objects.filter(organization=source).update(organization=target)


def follow_places(ids: Iterable[int]) -> None:
    """Figures of units whose community changed hands."""
    ids = set(ids)
    units = WorkUnit.objects.filter(community__organization__in=ids)
    units_moved.send(sender=WorkUnit, units=units, places=ids, is_struck=False)
    first = CensusSheet.objects.filter(unit__in=units).aggregate(day=Min("starts_on"))
    if first["day"] is not None:
        tell_places(ids, since=first["day"])


def check_covers_nobody(organization: Organization) -> None:
    """Raise RuleError while units at work are covered by one to be closed.

    Shells and those that moved away cannot be decided anew: see `end_hosting`.
    """
    rows = Coverage.objects.open().filter(
        organization=organization,
        unit__census_sheets__ends_on__isnull=True,
        unit__census_sheets__state=UnitState.OPERATING,
    )
    if number := rows.count():
        raise RuleError(
            f"还有{number}家两新单位由“{organization}”覆盖，请先重新核定它们的覆盖形式。",
            code="covers_units",
        )


def end_hosting(organization: Organization, on_date: date, actor: Any) -> None:
    """End what a closed organization still covers: units no longer at work."""
    rows = Coverage.objects.open().filter(organization=organization)
    for row in rows.select_related("unit__community__organization"):
        _end(row, on_date)
        tell(row.unit, "host_closed", actor, since=row.ends_on or on_date)


def _end(row: Any, day: date) -> None:
    if row is not None:
        row.ends_on = max(day, row.starts_on)
        row.version += 1
        row.save(update_fields=["ends_on", "version"])


def _apply(sheet: CensusSheet, facts: SheetFacts) -> None:
    UnitState(facts.state)
    sheet.state, sheet.is_surveyed = facts.state, facts.is_surveyed
    sheet.staff = facts.counts.staff
    sheet.full_members = facts.counts.full_members
    sheet.probationary = facts.counts.probationary
    sheet.not_moved_in = facts.counts.not_moved_in
    sheet.owner_name = facts.owner_name.strip()
    sheet.owner_is_member = facts.owner_is_member
    if facts.owner_phone is not None:
        sheet.owner_phone = normalize_phone(facts.owner_phone)
    sheet.words = facts.words.strip()
