"""Visits to households, and what was promised there: written down, followed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from activities.choices.households import MatterAct
from activities.models import (
    Household,
    MatterStep,
    Visit,
    VisitMatter,
    VisitMember,
)
from activities.parameters.households import MATTER_DAYS
from activities.rules import households as rules
from config.lib.errors import RuleError
from config.lib.versions import check_version, save_versioned
from members.models import Member
from organizations import audit, parameters
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class MatterFacts:
    """What the household asks for, who sees to it and until when it was promised."""

    kind: str
    content: str
    handler: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class VisitFacts:
    """Who went when, what they saw and heard, and what they promised."""

    visited_on: date
    visitors: str
    situation: str = ""
    wishes: str = ""
    promises: str = ""
    member_ids: Sequence[int] = ()
    matters: Sequence[MatterFacts] = ()


@transaction.atomic
def record_visit(
    *,
    household_id: int,
    facts: VisitFacts,
    request_id: UUID | None = None,
    actor: User,
) -> Visit:
    """Write down a visit with its matters; the same `request_id` writes once.

    Raises Household.DoesNotExist and Member.DoesNotExist out of scope,
    PermissionDenied, RuleError where a rule refuses.
    """
    household = (
        Household.objects.visible_to(actor)
        .select_related("organization", "community")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=household_id)
    )
    require(actor, Right.VISIT_HOUSEHOLDS, household.organization)
    if request_id is not None:
        # The household is locked, so a second copy of the form waits above.
        earlier = Visit.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    if not household.is_listed:
        raise RuleError("这一户已经销户，不能再记走访。", code="household")
    today = timezone.localdate()
    rules.check_visited(facts.visited_on, today)
    said = [each.content for each in facts.matters]
    rules.check_says_something(facts.situation, facts.wishes, facts.promises, *said)
    visit = Visit(
        household=household,
        organization=household.organization,
        visited_on=facts.visited_on,
        visitors=rules.required(
            facts.visitors, "走访人", "visitors", rules.VISITORS_LENGTH
        ),
        situation=rules.check_text(facts.situation, "家庭情况", "situation"),
        wishes=rules.check_text(facts.wishes, "诉求与建议", "wishes"),
        promises=rules.check_text(facts.promises, "当场承诺", "promises"),
        recorded_by=actor,
        request_id=request_id,
    )
    visit.save(force_insert=True)
    _write_members(visit, facts.member_ids, actor)
    VisitMatter.objects.bulk_create(_matter(visit, each) for each in facts.matters)
    _tell(visit, AuditAction.VISIT_RECORDED, actor, matters=len(facts.matters))
    return visit


def _matter(visit: Visit, facts: MatterFacts) -> VisitMatter:
    days = timedelta(days=parameters.get(MATTER_DAYS))
    due_on = facts.due_on or visit.visited_on + days
    rules.check_due(due_on, visited_on=visit.visited_on)
    return VisitMatter(
        visit=visit,
        kind=facts.kind,
        content=rules.required(facts.content, "事项", "content", rules.MATTER_LENGTH),
        handler=facts.handler.strip(),
        due_on=due_on,
    )


def _write_members(visit: Visit, member_ids: Sequence[int], actor: User) -> None:
    wanted = set(member_ids)
    members = Member.objects.visible_to(actor).filter(pk__in=wanted)
    found = set(members.values_list("pk", flat=True))
    if found != wanted:
        raise Member.DoesNotExist
    VisitMember.objects.bulk_create(
        VisitMember(visit=visit, member_id=pk) for pk in sorted(found)
    )


@transaction.atomic
def withdraw_visit(*, visit_id: int, words: str, actor: User) -> Visit:
    """Take back a visit written down by mistake, with its matters; it stays on record.

    Twice is once. Raises RuleError where something has been settled already.
    """
    visit = (
        Visit.objects.visible_to(actor)
        .select_related("organization", "household__organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=visit_id)
    )
    require(actor, Right.VISIT_HOUSEHOLDS, visit.household.organization)
    if visit.is_withdrawn:
        return visit
    if MatterStep.objects.filter(matter__visit=visit).exists():
        raise RuleError(
            "这次走访的事项已经有办理记录，不能撤回：做过的事要留痕。", code="words"
        )
    visit.withdrawn_reason = rules.required(
        words, "撤回原因", "words", rules.MATTER_LENGTH
    )
    visit.withdrawn_at = timezone.now()
    visit.save(update_fields=["withdrawn_reason", "withdrawn_at"])
    _tell(visit, AuditAction.VISIT_CHANGED, actor, visit_step="withdraw")
    return visit


@transaction.atomic
def take_step(
    *,
    matter_id: int,
    act: str,
    taken_on: date,
    words: str,
    version: int | None = None,
    actor: User,
) -> VisitMatter:
    """Write down what was done about a matter, or that the household was told.

    Raises VisitMatter.DoesNotExist out of scope, StaleError, RuleError.
    """
    matter = (
        VisitMatter.objects.visible_to(actor)
        .counted()
        .select_related("visit__organization", "visit__household__organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=matter_id)
    )
    visit = matter.visit
    require(actor, Right.VISIT_HOUSEHOLDS, visit.household.organization)
    check_version(matter, version)
    rules.check_act(act, matter.state, matter.is_closed)
    last = matter.steps.order_by("-taken_on").values_list("taken_on", flat=True).first()
    rules.check_day(
        taken_on, after=last or visit.visited_on, today=timezone.localdate()
    )
    step = MatterStep(
        matter=matter,
        act=act,
        taken_on=taken_on,
        words=rules.required(words, "办理情况", "words", rules.MATTER_LENGTH),
        recorded_by=actor,
    )
    step.save(force_insert=True)
    since = matter.settled_on or taken_on
    if act == MatterAct.ANSWER:
        matter.answered_on = taken_on
    else:
        matter.state = rules.STATE_AFTER[act]
        matter.settled_on = taken_on if act in rules.SETTLING else None
    save_versioned(matter, version=matter.version)
    _tell(
        visit,
        AuditAction.VISIT_CHANGED,
        actor,
        since=since,
        matter_act=act,
        matter_state=matter.state,
    )
    return matter


def _tell(
    visit: Visit,
    action: AuditAction,
    actor: User,
    since: date | None = None,
    **details: object,
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=visit,
        organization=visit.organization,
        details=details,
    )
    facts_changed.send(
        sender=Visit,
        organization_ids={visit.organization_id, visit.household.organization_id},
        since=since or visit.visited_on,
    )
