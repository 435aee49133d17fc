"""Steps of delegated matters: examined, admitted, refused, taken back, ended; money.

The steps are a table (`matter_rules.FOLLOWS`), and who may take which is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.dates import clean_text
from config.lib.errors import RuleError
from config.lib.money import yuan
from config.lib.versions import check_version, save_versioned
from organizations import matter_rules as rules
from organizations.access import Right, require
from organizations.fund_rules import check_amount
from organizations.matter_choices import STEP_NAMES, WAITING, MatterState
from organizations.models import DelegatedMatter, DelegationStep, MatterArrival, User
from organizations.services.matters import (
    arrived_of,
    carried_from,
    check_alone,
    locked_matter,
    tell,
)


@dataclass(frozen=True)
class MatterStepFacts:
    """`document` names the minutes or the paper, `words` say why."""

    done_on: date
    decided_by: str
    document: str = ""
    words: str = ""


@dataclass(frozen=True)
class ArrivalFacts:
    amount: Decimal
    received_on: date
    document: str = ""
    note: str = ""


@transaction.atomic
def take_matter_step(
    *,
    matter_id: int,
    step: str,
    facts: MatterStepFacts,
    version: int | None = None,
    actor: User,
) -> DelegatedMatter:
    """Record the next step; examining, admitting and ending are the street's alone.

    Raises DelegatedMatter.DoesNotExist, PermissionDenied, StaleError, RuleError.
    """
    matter = locked_matter(matter_id, actor)
    _require_step(step, matter, actor)
    check_version(matter, version)
    rules.check_step(matter.state, step)
    document, words = clean_text(facts.document), facts.words.strip()
    last = matter.steps.standing().order_by("-pk").values_list("done_on", flat=True)
    rules.check_step_facts(
        step,
        done_on=facts.done_on,
        last=last.first() or matter.applied_on,
        today=timezone.localdate(),
        document=document,
        words=words,
    )
    row = DelegationStep(
        matter=matter,
        step=step,
        done_on=facts.done_on,
        decided_by=clean_text(facts.decided_by),
        document=document,
        words=words,
        recorded_by=actor,
    )
    row.clean_fields(exclude=["matter", "recorded_by"])
    row.save(force_insert=True)
    _set_state(matter, step, facts.done_on)
    # Why, only of what ended something: the rest stands with the matter itself.
    reason = words if step in rules.REASONED else ""
    tell(matter, step, actor, since=facts.done_on, reason=reason)
    return matter


@transaction.atomic
def take_matter_step_back(
    *, matter_id: int, reason: str, version: int | None = None, actor: User
) -> DelegatedMatter:
    """Go back one step and say why; the step stays on record.

    Raises DelegatedMatter.DoesNotExist, PermissionDenied, StaleError, RuleError.
    """
    matter = locked_matter(matter_id, actor)
    if matter.state in STEP_NAMES:
        _require_step(matter.state, matter, actor)
    check_version(matter, version)
    steps = list(matter.steps.standing().order_by("-pk")[:2])
    if not steps:
        raise RuleError("事项还没有办过一步，没有可以退回的。", code="step")
    if not reason.strip():
        raise RuleError("请写明退回的原因。", code="reason")
    last = steps[0]
    if last.step == MatterState.ADMITTED and matter.arrivals.standing().exists():
        raise RuleError(
            "事项已有经费到账，不能退回准入；请先撤回到账记录。", code="step"
        )
    if matter.state not in (*WAITING, MatterState.ADMITTED):
        check_alone(matter)
    last.withdrawn_at, last.withdrawn_by = timezone.now(), actor
    last.withdrawn_reason = reason.strip()
    last.save()
    earlier = steps[1].step if len(steps) > 1 else MatterState.APPLIED
    _set_state(matter, earlier, steps[1].done_on if len(steps) > 1 else None)
    tell(
        matter,
        "step_back",
        actor,
        since=last.done_on,
        step=STEP_NAMES[last.step],
        reason=last.withdrawn_reason,
    )
    return matter


@transaction.atomic
def record_arrival(
    *,
    matter_id: int,
    facts: ArrivalFacts,
    actor: User,
    request_id: UUID | None = None,
) -> MatterArrival:
    """Write down money that came with an admitted matter, never more than is owed.

    A repeated `request_id` returns the record of the first time. Raises
    DelegatedMatter.DoesNotExist, RuleError.
    """
    matter = locked_matter(matter_id, actor)
    if request_id is not None:
        earlier = matter.arrivals.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    if carried_from(matter) is None:
        raise RuleError("事项还没有准入，准入以后再登记到账。", code="state")
    check_amount(facts.amount)
    rules.check_arrival(
        facts.amount,
        received_on=facts.received_on,
        applied_on=matter.applied_on,
        today=timezone.localdate(),
        outstanding=matter.money_due - arrived_of(matter),
    )
    arrival = MatterArrival(
        matter=matter,
        amount=facts.amount,
        received_on=facts.received_on,
        document=clean_text(facts.document),
        note=facts.note.strip(),
        entered_by=actor,
        request_id=request_id,
    )
    arrival.clean_fields(exclude=["matter", "entered_by", "request_id"])
    arrival.save(force_insert=True)
    tell(matter, "arrived", actor, since=facts.received_on, amount=yuan(arrival.amount))
    return arrival


@transaction.atomic
def withdraw_arrival(*, arrival_id: int, reason: str, actor: User) -> MatterArrival:
    """Take back what was entered by mistake; it stays on record and counts no more.

    Raises MatterArrival.DoesNotExist, RuleError.
    """
    seen = MatterArrival.objects.visible_to(actor).get(pk=arrival_id)
    matter = locked_matter(seen.matter_id, actor)
    arrival = matter.arrivals.get(pk=arrival_id)
    if arrival.withdrawn_at is not None:
        raise RuleError("这条记录已经撤回。", code="withdrawn")
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    arrival.withdrawn_at, arrival.withdrawn_by = timezone.now(), actor
    arrival.withdrawn_reason = reason.strip()
    arrival.save()
    tell(
        matter,
        "arrival_withdrawn",
        actor,
        since=arrival.received_on,
        amount=yuan(arrival.amount),
        reason=arrival.withdrawn_reason,
    )
    return arrival


def _require_step(step: str, matter: DelegatedMatter, actor: User) -> None:
    if step in rules.STREETS:
        require(actor, Right.ADMIT_MATTERS, matter.organization)


def _set_state(matter: DelegatedMatter, state: str, day: date | None) -> None:
    """Bring the matter to `state`, which it reached on `day`."""
    matter.state = state
    if state == MatterState.ADMITTED:
        matter.admitted_on, matter.ended_on = day, None
    elif state == MatterState.ENDED:
        matter.ended_on = day
    else:
        matter.admitted_on = matter.ended_on = None
    save_versioned(matter, version=None)
