"""Deciding how a two-new unit is covered: the rule proposes, a person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import ancestors
from config.lib.versions import check_version
from members.coverage import proposal_for
from members.models import Instructor
from members.parameters.coverage import reasons
from members.services.instructors import follow_decision
from organizations import coverage_rules
from organizations.coverage_choices import (
    HOSTED_FORMS,
    CoverageForm,
    UnitState,
)
from organizations.coverage_rules import Decision
from organizations.models import Coverage, Organization, User, WorkUnit
from organizations.services.census import (
    first_free_day,
    locked_unit,
    require_in_use,
    tell,
)


@transaction.atomic
def decide_coverage(
    *,
    unit_id: int,
    decision: Decision,
    instructor_id: int | None = None,
    version: int | None = None,
    actor: User,
) -> Coverage:
    """Write down the form; what stood before ends on that day, and is kept.

    A decision of the same day is put right instead. `version` is that of the coverage
    the form showed, 0 for none. An instructor named by `instructor_id` guides the unit
    from then on. Raises WorkUnit.DoesNotExist, Organization.DoesNotExist and
    Instructor.DoesNotExist out of scope, RuleError, StaleError.
    """
    unit = locked_unit(unit_id, actor)
    last = unit.coverages.open().first()
    if version is not None:
        check_version(last or Coverage(version=0), version)
    before = last.form if last else ""
    if instructor_id is not None and decision.form == CoverageForm.INSTRUCTOR:
        name = Instructor.objects.visible_to(actor).get(pk=instructor_id).name
        decision = replace(decision, instructor_name=name)
    row = _decide(unit, decision, last, actor)
    follow_decision(
        unit=unit, row=row, before=before, instructor_id=instructor_id, actor=actor
    )
    return row


def _decide(
    unit: WorkUnit, decision: Decision, last: Coverage | None, actor: User
) -> Coverage:
    require_in_use(unit)
    sheet = unit.census_sheets.open().first()
    if sheet is None:
        raise RuleError(
            "这家单位还没有一企一表，请先登记一企一表，再核定覆盖形式。", code="sheet"
        )
    if sheet.state != UnitState.OPERATING:
        raise RuleError(
            f"这家单位{sheet.get_state_display()}，不用核定；已恢复经营的，"
            "请先更新一企一表。",
            code="state",
        )
    coverage_rules.check_day(
        decision.starts_on,
        today=timezone.localdate(),
        since=first_free_day(unit.coverages),
        what="核定日期",
    )
    decision = _only_what_counts(decision)
    proposal = proposal_for(unit, sheet)
    coverage_rules.check_decision(
        decision,
        proposed=proposal.form,
        full_members=proposal.full,
        reasons=reasons(),
        has_own=unit.has_party_organization,
    )
    host = _host(unit, decision, actor)
    row = _row_for(unit, decision, last)
    row.form, row.organization = decision.form, host
    for name in ("instructor_name", "reason", "responsible_name", "due_on", "words"):
        setattr(row, name, getattr(decision, name))
    row.proposed, row.decided_by = proposal.form, actor
    row.full_clean()
    row.save()
    tell(unit, "decided", actor, since=decision.starts_on)
    return row


@transaction.atomic
def follow_proposals(*, unit_ids: Sequence[int], actor: User) -> int:
    """Decide as proposed for units registered with an organization of their own.

    Units that share one are joint. Others need a person's choice and are refused, all
    or none. Returns how many.
    """
    today = timezone.localdate()
    for unit_id in sorted(set(unit_ids)):
        unit = locked_unit(unit_id, actor)
        last = unit.coverages.open().first()
        if not unit.has_party_organization or last is not None:
            raise RuleError(
                f"“{unit}”没有登记本单位的党组织，或者已经核定过，请单独核定。",
                code="own",
            )
        shared = WorkUnit.objects.filter(organization=unit.organization_id)
        is_joint = (
            unit.organization_id is not None and shared.exclude(pk=unit.pk).exists()
        )
        decision = Decision(
            form=CoverageForm.JOINT if is_joint else CoverageForm.OWN,
            starts_on=today,
            organization_id=unit.organization_id,
            words="按名册登记的单位党组织核定",
        )
        try:
            _decide(unit, decision, last, actor)
        except Organization.DoesNotExist as error:
            raise RuleError(
                f"“{unit}”登记的单位党组织已撤销，或者不在您管理的范围，请单独核定。",
                code="own",
            ) from error
    return len(set(unit_ids))


def _only_what_counts(decision: Decision) -> Decision:
    """Drop what belongs to another form, as a form's hidden fields may send it."""
    hosted = decision.form in HOSTED_FORMS
    is_sent = decision.form == CoverageForm.INSTRUCTOR
    is_none = decision.form == CoverageForm.NONE
    is_plan = is_none or is_sent or decision.form == CoverageForm.ATTACHED
    return replace(
        decision,
        organization_id=decision.organization_id if hosted else None,
        instructor_name=decision.instructor_name.strip() if is_sent else "",
        reason=decision.reason if is_none else "",
        responsible_name=decision.responsible_name.strip() if is_plan else "",
        due_on=decision.due_on if is_plan else None,
        words=decision.words.strip(),
    )


def _host(unit: WorkUnit, decision: Decision, actor: User) -> Organization | None:
    """The organization that covers, one of the unit's street that the actor sees."""
    if decision.organization_id is None:
        return None
    places = Organization.objects.visible_to(actor).open()
    if unit.community is not None:
        places = places.within([ancestors(unit.community.organization.path)[0]])
    host = places.get(pk=decision.organization_id)
    others = host.coverages.open().exclude(unit=unit).select_related("unit")
    alone = others.filter(form=CoverageForm.OWN).first()
    taken = alone or others.filter(form=CoverageForm.JOINT).first()
    if decision.form == CoverageForm.OWN and taken is not None:
        raise RuleError(
            f"“{host}”已经覆盖“{taken.unit}”，两家以上合建的请选“联合组建”。",
            code="organization",
        )
    if decision.form == CoverageForm.JOINT and alone is not None:
        raise RuleError(
            f"“{host}”是“{alone.unit}”单独组建的；合建的，请先把那家改为“联合组建”，"
            "只是挂靠的，请选“就近挂靠”。",
            code="organization",
        )
    return host


def _row_for(unit: WorkUnit, decision: Decision, last: Coverage | None) -> Coverage:
    if last is not None and last.starts_on == decision.starts_on:
        last.version += 1
        return last
    if last is not None:
        last.ends_on = decision.starts_on
        last.version += 1
        last.save(update_fields=["ends_on", "version"])
    return Coverage(unit=unit, starts_on=decision.starts_on)
