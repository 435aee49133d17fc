"""Arranging activities beforehand: a day, an hour, a place; counted once held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.choices import ActivityState
from activities.models import Activity
from activities.rules import arranging as rules
from config.lib.errors import RuleError
from config.lib.versions import check_version
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User


@dataclass(frozen=True)
class Arrangement:
    """What a secretary fixes beforehand."""

    kind: str
    title: str
    starts_at: datetime
    hours: Decimal
    place: str
    leader: str = ""
    summary: str = ""


@transaction.atomic
def arrange_activity(
    *,
    organization_id: int,
    facts: Arrangement,
    actor: User,
    today: date,
    request_id: UUID | None = None,
) -> Activity:
    """Write down an activity to come; it counts nowhere until it is held.

    A repeated `request_id` returns the activity of the first time. Raises
    Organization.DoesNotExist outside the actor's scope, PermissionDenied without the
    right, RuleError for a day that has passed.
    """
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .get(pk=organization_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, organization)
    if (earlier := _already_arranged(request_id, actor)) is not None:
        return earlier
    rules.check_planned_on(timezone.localdate(facts.starts_at), today)
    activity = Activity(
        organization=organization,
        state=ActivityState.PLANNED,
        recorded_by=actor,
        request_id=request_id,
    )
    _apply(activity, facts)
    try:
        with transaction.atomic():
            activity.save()
    except IntegrityError:
        # The same form arrived twice at once; the other one has just won.
        if (earlier := _already_arranged(request_id, actor)) is None:
            raise
        return earlier
    _record(activity, actor)
    return activity


@transaction.atomic
def move_activity(
    *,
    activity_id: int,
    version: int | None,
    facts: Arrangement,
    actor: User,
    today: date,
) -> Activity:
    """Change an activity to come. Raises StaleError when somebody was quicker."""
    activity = (
        Activity.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=activity_id)
    )
    require(actor, Right.RECORD_ACTIVITIES, activity.organization)
    check_version(activity, version)
    if activity.state != ActivityState.PLANNED:
        raise RuleError(
            f"这项活动{activity.get_state_display()}，不能再改安排；"
            "需要更正请在活动页面点“修改”。",
            code="not_planned",
        )
    before = activity.starts_at
    rules.check_planned_on(timezone.localdate(facts.starts_at), today)
    _apply(activity, facts)
    activity.version += 1
    activity.save()
    _record(activity, actor, before=before)
    return activity


def _already_arranged(request_id: UUID | None, actor: User) -> Activity | None:
    if request_id is None:
        return None
    return Activity.objects.visible_to(actor).filter(request_id=request_id).first()


def _apply(activity: Activity, facts: Arrangement) -> None:
    activity.kind = facts.kind
    activity.title = facts.title.strip()
    activity.starts_at = facts.starts_at
    activity.held_on = timezone.localdate(facts.starts_at)
    activity.hours = facts.hours
    activity.place = facts.place.strip()
    activity.leader = facts.leader.strip()
    activity.summary = facts.summary.strip()
    activity.full_clean(exclude=["request_id"])


def _record(activity: Activity, actor: User, before: datetime | None = None) -> None:
    details = {"kind": activity.kind, "planned_on": activity.held_on.isoformat()}
    if before is not None:
        details["planned_before"] = timezone.localdate(before).isoformat()
    audit.record(
        actor=actor,
        action=AuditAction.ACTIVITY_PLANNED,
        target=activity,
        organization=activity.organization,
        details=details,
    )
