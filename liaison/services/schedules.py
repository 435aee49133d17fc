"""Another rhythm of feedback for a unit than its street has."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from config.lib.errors import RuleError
from liaison import rules
from liaison.choices import FeedbackState, PeriodKind
from liaison.models import FeedbackPeriod, FeedbackRemark, LiaisonCard, UnitSchedule
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User, WorkUnit
from organizations.signals import facts_changed


@transaction.atomic
def set_schedule(
    *, street: Organization, unit_id: int, kind: str, reason: str, actor: User
) -> date:
    """Give a unit the rhythm `kind`, or the street's own with ""; return from when.

    It begins with the next period in which nothing has been written yet: no day is
    reported twice and none is left out. Raises WorkUnit.DoesNotExist outside the
    actor's scope, RuleError when nothing would change.
    """
    require(actor, Right.ISSUE_FEEDBACK, street)
    unit = WorkUnit.objects.visible_to(actor).select_for_update(of=("self",))
    unit = unit.get(pk=unit_id)
    latest = UnitSchedule.objects.filter(
        organization=street, work_unit=unit, ends_on__isnull=True
    ).first()
    if (latest.kind if latest else "") == kind:
        shown = PeriodKind(kind).label if kind else "街道统一的周期"
        raise RuleError(f"这个单位已经按{shown}反馈，没有改动。", code="same_kind")
    starts_on = next_starts(street, unit)[kind]
    _end(latest, starts_on)
    if kind:
        UnitSchedule.objects.create(
            organization=street,
            work_unit=unit,
            kind=kind,
            reason=reason.strip(),
            starts_on=starts_on,
            set_by=actor,
        )
    audit.record(
        actor=actor,
        action=AuditAction.FEEDBACK_SCHEDULED,
        target=unit,
        organization=street,
        details={"kind": kind, "from": starts_on.isoformat()},
    )
    _tell(street, unit, starts_on)
    return starts_on


def next_starts(street: Organization, unit: WorkUnit) -> dict[str, date]:
    """First days from which the unit may have each rhythm; "" is the street's own."""
    today = timezone.localdate()
    general = parameters.get("liaison.feedback_period")
    now = (
        UnitSchedule.objects.filter(organization=street, work_unit=unit)
        .in_force_on(today)
        .values_list("kind", flat=True)
        .first()
    )
    written = _last_written(street, unit)
    return {
        kind: rules.rhythm_starts_on([kind or general, now or general], today, written)
        for kind in ("", *PeriodKind.values)
    }


def _last_written(street: Organization, unit: WorkUnit) -> date | None:
    """First day of the street's last round that has words on the unit, or is over."""
    worded = FeedbackRemark.objects.filter(card__home_unit=unit).values("period")
    return (
        FeedbackPeriod.objects.filter(organization=street)
        .filter(~Q(state=FeedbackState.OPEN) | Q(pk__in=worded))
        .order_by("-starts_on")
        .values_list("starts_on", flat=True)
        .first()
    )


def _end(latest: UnitSchedule | None, on_date: date) -> None:
    """End what is in force; what would have begun that day or later never was."""
    if latest is None:
        return
    if latest.starts_on >= on_date:
        latest.delete()
        return
    latest.ends_on = on_date
    latest.save(update_fields=["ends_on"])


def _tell(street: Organization, unit: WorkUnit, since: date) -> None:
    branches = LiaisonCard.objects.open().filter(
        home_unit=unit, organization__in=Organization.objects.subtree(street)
    )
    facts_changed.send(
        sender=UnitSchedule,
        organization_ids=set(branches.values_list("organization", flat=True)),
        since=since,
    )
