"""What the steps of report slips share: locked rows, the day's answer, the trail."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.paths import ancestors
from config.lib.versions import check_version, save_versioned
from members.choices import AffiliationKind
from members.choices.reporting import SlipState
from members.models import Affiliation, Member, ReportSlip
from members.rules import reporting as rules
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed

_ONE_WAITING = "members_reportslip_one_waiting"


def locked(slip_id: int, actor: User, version: int | None) -> ReportSlip:
    """Return the slip, locked. Raises ReportSlip.DoesNotExist, StaleError."""
    slip = (
        ReportSlip.objects.visible_to(actor)
        .select_related("organization", "community__organization")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=slip_id)
    )
    check_version(slip, version)
    return slip


def write(slip: ReportSlip) -> None:
    """Save a slip; RuleError where the person waits in this community already."""
    try:
        with transaction.atomic():
            if slip.pk is None:
                slip.save(force_insert=True)
            else:
                save_versioned(slip, version=slip.version)
    except IntegrityError as error:
        # SQLite names the columns, PostgreSQL the constraint.
        if _ONE_WAITING in str(error) or "reportslip.id_index" in str(error):
            raise rules.waiting_here() from None
        raise


def settle(
    slip: ReportSlip,
    state: SlipState,
    actor: User,
    *,
    reason: str = "",
    branch: Organization | None = None,
    member: Member | None = None,
) -> None:
    """Write the answer to a locked slip whose state allows it."""
    slip.state, slip.reason = state, reason
    slip.branch, slip.member = branch, member
    slip.settled_on, slip.settled_by = timezone.localdate(), actor
    save_versioned(slip, version=slip.version)
    tell([slip], actor, AuditAction.SLIP_SETTLED, slip_state=state)


def settle_by_relation(affiliation: Affiliation, actor: User) -> None:
    """Accept what a person has waiting in the community that now co-manages him.

    Whichever way the relation began: by the slip, or by street staff who settled who
    it is.
    """
    if affiliation.kind != AffiliationKind.CO_MANAGED:
        return
    waiting = (
        ReportSlip.objects.received()
        .filter(
            id_index=affiliation.member.id_index,
            community__organization__path__in=ancestors(affiliation.organization.path),
        )
        .select_related("organization")
        .select_for_update(of=("self",), no_key=True)
    )
    for slip in waiting:
        settle(
            slip,
            SlipState.ACCEPTED,
            actor,
            branch=affiliation.organization,
            member=affiliation.member,
        )


def hand_over_slips(*, source: Organization, target: Organization) -> None:
    """Let what waits at an organization wait at the one it merges into.

    Every slip that was ever counted there counts here now.
    """
    slips = ReportSlip.objects.filter(organization=source)
    days = list(slips.order_by("reported_on").values_list("reported_on", flat=True)[:1])
    slips.update(organization=target)
    if days:
        facts_changed.send(
            sender=ReportSlip, organization_ids={source.pk, target.pk}, since=days[0]
        )


def tell(
    slips: Collection[ReportSlip], actor: User, action: AuditAction, **details: Any
) -> None:
    """Write a step of slips to the trail, and mark the figures it changes."""
    audit.record_many(
        actor=actor,
        action=action,
        rows=[(slip, slip.organization, details) for slip in slips],
    )
    days: dict[int, date] = {}
    for slip in slips:
        for place in {slip.organization_id, slip.branch_id or slip.organization_id}:
            days[place] = min(slip.reported_on, days.get(place, slip.reported_on))
    facts_changed.send(
        sender=ReportSlip, organization_ids=set(days), since=min(days.values())
    )
