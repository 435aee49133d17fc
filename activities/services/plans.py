"""Plans of the street and of communities: saved whole, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from activities.models import Plan, PlanLine
from activities.rules import plans as rules
from config.lib.errors import RuleError
from config.lib.versions import check_version
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, OrganizationKind
from organizations.models import Organization, User
from organizations.querysets import OrganizationQuerySet
from organizations.signals import facts_changed


@dataclass(frozen=True)
class LineFacts:
    """One thing asked for, from `starts_on` to `due_on`, both included."""

    kind: str
    starts_on: date
    due_on: date
    subject: str = ""
    times: int = 1
    repeat: str = "once"
    field: str = ""
    note: str = ""


@dataclass(frozen=True)
class PlanFacts:
    """`month` None makes it a plan of the year."""

    title: str
    year: int
    lines: Sequence[LineFacts]
    month: int | None = None
    note: str = ""


def planners(user: User) -> OrganizationQuerySet:
    """Organizations that `user` may make plans for: whatever holds branches."""
    leaves = [OrganizationKind.BRANCH, OrganizationKind.GROUP]
    return (
        Organization.objects.with_right(user, Right.MANAGE_PLANS)
        .open()
        .exclude(kind__in=leaves)
        .order_by("path")
    )


@transaction.atomic
def make_plan(
    *,
    organization_id: int,
    facts: PlanFacts,
    actor: User,
    request_id: UUID | None = None,
) -> Plan:
    """Write a plan with its lines; a repeated `request_id` returns the first one.

    Raises Organization.DoesNotExist outside the actor's scope, PermissionDenied without
    the right, RuleError for lines that do not fit.
    """
    organization = (
        Organization.objects.with_members_visible_to(actor)
        .open()
        .get(pk=organization_id)
    )
    require(actor, Right.MANAGE_PLANS, organization)
    if organization.kind in {OrganizationKind.BRANCH, OrganizationKind.GROUP}:
        raise RuleError(
            "计划由街道、社区制定；支部请直接“安排活动”。", code="not_a_planner"
        )
    if (earlier := _already_made(request_id, actor)) is not None:
        return earlier
    plan = Plan(organization=organization, created_by=actor, request_id=request_id)
    try:
        with transaction.atomic():
            _write(plan, facts)
    except IntegrityError:
        # The same form arrived twice at once; the other one has just won.
        if (earlier := _already_made(request_id, actor)) is None:
            raise
        return earlier
    _finish(plan, actor, plan.period.start)
    return plan


@transaction.atomic
def amend_plan(
    *, plan_id: int, version: int | None, facts: PlanFacts, actor: User
) -> Plan:
    """Replace a plan and its lines. Raises StaleError when somebody was quicker."""
    plan = _locked(plan_id, actor)
    check_version(plan, version)
    since = plan.period.start
    plan.version += 1
    _write(plan, facts)
    _finish(plan, actor, min(since, plan.period.start))
    return plan


@transaction.atomic
def withdraw_plan(*, plan_id: int, reason: str, actor: User) -> Plan:
    """Take a plan back: nothing of it is owed any more, it stays readable."""
    plan = _locked(plan_id, actor)
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason_missing")
    plan.withdrawn_at, plan.withdrawn_reason = timezone.now(), reason.strip()
    plan.version += 1
    plan.save()
    _finish(plan, actor, plan.period.start, reason=plan.withdrawn_reason)
    return plan


def _already_made(request_id: UUID | None, actor: User) -> Plan | None:
    if request_id is None:
        return None
    return Plan.objects.visible_to(actor).filter(request_id=request_id).first()


def _locked(plan_id: int, actor: User) -> Plan:
    plan = (
        Plan.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=plan_id)
    )
    require(actor, Right.MANAGE_PLANS, plan.organization)
    if plan.withdrawn_at is not None:
        raise RuleError("这份计划已经撤回，不能再修改。", code="withdrawn")
    return plan


def _write(plan: Plan, facts: PlanFacts) -> None:
    plan.title = facts.title.strip()
    plan.year, plan.month = facts.year, facts.month
    plan.note = facts.note.strip()
    plan.full_clean(exclude=["request_id"])
    rules.check_lines(facts.lines, plan.period)
    plan.save()
    plan.lines.all().delete()
    lines = [
        PlanLine(
            plan=plan,
            kind=line.kind,
            subject=line.subject.strip(),
            times=line.times,
            starts_on=line.starts_on,
            due_on=line.due_on,
            repeat=line.repeat,
            field=line.field,
            note=line.note.strip(),
            sort_order=place,
        )
        for place, line in enumerate(facts.lines, start=1)
    ]
    for row in lines:
        row.full_clean(exclude=["plan"])
    PlanLine.objects.bulk_create(lines)


def _finish(plan: Plan, actor: User, since: date, **details: str) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.PLAN_SAVED,
        target=plan,
        organization=plan.organization,
        details={
            "plan_period": plan.period.title,
            "count": plan.lines.count(),
            "withdrawn": plan.withdrawn_at is not None,
            **details,
        },
    )
    bound = Organization.objects.subtree(plan.organization).branches()
    facts_changed.send(
        sender=Plan,
        organization_ids=set(bound.values_list("pk", flat=True)),
        since=since,
    )
