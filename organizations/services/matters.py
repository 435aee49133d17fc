"""Delegated matters: applied for, amended, what came along with them, handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.dates import clean_text, is_empty
from config.lib.errors import RuleError
from config.lib.money import yuan
from config.lib.versions import check_version, save_versioned
from organizations import audit
from organizations import matter_rules as rules
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.fund_rules import NOTHING, check_amount
from organizations.matter_choices import WAITING, MatterKind, MatterSpan, MatterState
from organizations.models import DelegatedMatter, Organization, User
from organizations.signals import facts_changed

MOST_STAFF = 500


@dataclass(frozen=True)
class HandoverFacts:
    """What comes along with the duty, apart from money."""

    power: str = ""
    staff_posted: int = 0
    equipment: str = ""


@dataclass(frozen=True)
class MatterFacts:
    title: str
    department: str
    kind: str
    span: str
    legal_basis: str
    starts_on: date
    duties: str = ""
    ends_on: date | None = None
    money_due: Decimal = NOTHING
    money_due_on: date | None = None


@transaction.atomic
def apply_for_matter(
    *,
    organization_id: int,
    facts: MatterFacts,
    handover: HandoverFacts,
    applied_on: date,
    actor: User,
    request_id: UUID | None = None,
) -> DelegatedMatter:
    """Register a department's application to hand a matter down to a community.

    A repeated `request_id` returns the matter of the first time. Raises
    Organization.DoesNotExist out of scope, RuleError.
    """
    organization = _locked_place(organization_id, actor)
    if request_id is not None:
        own = DelegatedMatter.objects.visible_to(actor)
        earlier = own.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    if applied_on > timezone.localdate() or applied_on.year < rules.FIRST_YEAR:
        raise RuleError(
            f"申请日期（{applied_on}）应在{rules.FIRST_YEAR}年以后，不能晚于今天。",
            code="applied_on",
        )
    matter = DelegatedMatter(
        organization=organization,
        applied_on=applied_on,
        made_by=actor,
        request_id=request_id,
    )
    _apply(matter, facts, NOTHING)
    _hand_over(matter, handover)
    matter.save(force_insert=True)
    tell(matter, "applied", actor)
    return matter


@transaction.atomic
def amend_matter(
    *,
    matter_id: int,
    facts: MatterFacts,
    reason: str,
    version: int | None = None,
    actor: User,
) -> DelegatedMatter:
    """Change what was agreed; once it is admitted, the street alone may.

    Raises DelegatedMatter.DoesNotExist, PermissionDenied, StaleError, RuleError.
    """
    matter = locked_matter(matter_id, actor)
    check_version(matter, version)
    if matter.state == MatterState.ADMITTED:
        require(actor, Right.ADMIT_MATTERS, matter.organization)
    elif matter.state not in WAITING:
        raise RuleError(
            f"事项{matter.get_state_display()}，不能再改；确需更正的请先退回一步。",
            code="state",
        )
    if not reason.strip():
        raise RuleError("请写明修改的原因。", code="reason")
    before, first = matter.money_due, carried_from(matter)
    _apply(matter, facts, arrived_of(matter))
    save_versioned(matter, version=None)
    changed = {}
    if matter.money_due != before:
        changed = {"before": yuan(before), "after": yuan(matter.money_due)}
    days = [day for day in (first, carried_from(matter)) if day]
    tell(
        matter,
        "amended",
        actor,
        since=min(days, default=None),
        reason=reason.strip(),
        **changed,
    )
    return matter


@transaction.atomic
def record_handover(
    *,
    matter_id: int,
    facts: HandoverFacts,
    version: int | None = None,
    actor: User,
) -> DelegatedMatter:
    """Write down which power, people and equipment are there now.

    Raises DelegatedMatter.DoesNotExist, StaleError, RuleError.
    """
    matter = locked_matter(matter_id, actor)
    check_version(matter, version)
    if matter.state not in (*WAITING, MatterState.ADMITTED):
        raise RuleError(
            f"事项{matter.get_state_display()}，不用再登记到位情况。", code="state"
        )
    before = matter.staff_posted
    _hand_over(matter, facts)
    save_versioned(matter, version=None)
    changed = {}
    if matter.staff_posted != before:
        changed = {"before": before, "after": matter.staff_posted}
    tell(matter, "handover", actor, **changed)
    return matter


def locked_matter(matter_id: int, actor: User) -> DelegatedMatter:
    """The matter, locked against others who write of it, where the actor keeps it."""
    rows = DelegatedMatter.objects.visible_to(actor).select_related("organization")
    matter = rows.select_for_update(of=("self",), no_key=True).get(pk=matter_id)
    require(actor, Right.KEEP_MATTERS, matter.organization)
    return matter


def arrived_of(matter: DelegatedMatter) -> Decimal:
    """The money that came, read under the caller's lock."""
    row: Any = DelegatedMatter.objects.filter(pk=matter.pk).with_arrived().get()
    return row.arrived


def carried_from(matter: DelegatedMatter) -> date | None:
    """The first day on which the community carries the matter."""
    if matter.admitted_on is None:
        return None
    return max(matter.admitted_on, matter.starts_on)


def tell(
    matter: DelegatedMatter,
    what: str,
    actor: User,
    *,
    since: date | None = None,
    **details: Any,
) -> None:
    """Write the audit trail; `since` lets figures follow."""
    audit.record(
        actor=actor,
        action=AuditAction.MATTER_SAVED,
        target=matter,
        organization=matter.organization,
        details={
            "matter_step": what,
            **{k: v for k, v in details.items() if v not in (None, "")},
        },
    )
    if since is not None:
        facts_changed.send(
            sender=DelegatedMatter,
            organization_ids={matter.organization_id},
            since=since,
        )


def hand_over_matters(*, source: Organization, target: Organization) -> None:
    """Let the one an organization merges into carry its matters, as of the first day.

    In the caller's transaction.
    """
    rows = DelegatedMatter.objects.filter(organization=source)
    first = rows.order_by("applied_on").values_list("applied_on", flat=True).first()
    rows.update(organization=target)
    if first is not None:
        facts_changed.send(
            sender=DelegatedMatter, organization_ids={source.pk, target.pk}, since=first
        )


def _locked_place(organization_id: int, actor: User) -> Organization:
    """An open community where the actor keeps matters."""
    places = Organization.objects.with_right(actor, Right.KEEP_MATTERS)
    organization = places.select_for_update(of=("self",), no_key=True).get(
        pk=organization_id
    )
    if not organization.is_open:
        raise RuleError(f"“{organization}”已撤销，请另选社区。", code="organization")
    if not hasattr(organization, "community"):
        raise RuleError(
            f"“{organization}”不是社区党组织；准入事项登记在承担它的社区。",
            code="organization",
        )
    return organization


def _apply(matter: DelegatedMatter, facts: MatterFacts, arrived: Decimal) -> None:
    if facts.kind not in MatterKind or facts.span not in MatterSpan:
        raise RuleError("请从所列的类别中选择。", code="kind")
    rules.check_days(facts.starts_on, facts.ends_on, facts.span)
    check_amount(facts.money_due, "应到经费", code="money_due", least=NOTHING)
    due_on = facts.money_due_on if facts.money_due else None
    rules.check_money_due(facts.money_due, due_on, facts.starts_on, arrived)
    matter.title, matter.department = (
        clean_text(facts.title),
        clean_text(facts.department),
    )
    matter.kind, matter.span = facts.kind, facts.span
    matter.legal_basis, matter.duties = facts.legal_basis.strip(), facts.duties.strip()
    matter.starts_on, matter.ends_on = facts.starts_on, facts.ends_on
    matter.money_due, matter.money_due_on = facts.money_due, due_on
    matter.clean_fields(exclude=["organization", "made_by"])
    check_alone(matter)


def check_alone(matter: DelegatedMatter) -> None:
    """Raise RuleError while the community has another of the same name in hand."""
    same = DelegatedMatter.objects.filter(
        organization=matter.organization,
        title=matter.title,
        state__in=(*WAITING, MatterState.ADMITTED),
    )
    if same.exclude(pk=matter.pk).exists():
        raise RuleError(
            f"{matter.organization}已有在办的“{matter.title}”，请打开那一件办理，"
            "或者换一个名称。",
            code="title",
        )


def _hand_over(matter: DelegatedMatter, facts: HandoverFacts) -> None:
    if not 0 <= facts.staff_posted <= MOST_STAFF:
        raise RuleError(
            f"配备人员应在 0 到 {MOST_STAFF} 人之间，请核对。", code="staff_posted"
        )
    # “无” is nothing: what lacks is found by the blank.
    matter.power, matter.equipment = (
        "" if is_empty(words) else words.strip()
        for words in (facts.power, facts.equipment)
    )
    matter.staff_posted = facts.staff_posted
    matter.clean_fields(exclude=["organization", "made_by"])
