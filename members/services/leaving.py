"""Leaving for good, and many relations that end on one day in few statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import F
from django.utils import timezone

from config.lib.together import update_together
from members.choices import AffiliationKind, EndReason, MembershipStatus
from members.imports import histories
from members.models import Affiliation, Member, Transfer
from members.services.affiliations import (
    close_affiliation,
    save_status,
    tell_of_places,
)
from members.signals import relations_ended
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import User


def leave_together(
    departures: Collection[tuple[Transfer, Affiliation]], ends_on: date, actor: User
) -> None:
    """End the rolls of people whose letters were accepted outside the street.

    Both rows are locked and the day was checked. In the caller's transaction.
    """
    rolls = [roll for _, roll in departures]
    for place in {roll.organization for roll in rolls}:
        require(actor, Right.EDIT_MEMBERS, place)
    for transfer, roll in departures:
        roll.ends_on, roll.end_reason = ends_on, EndReason.TRANSFERRED_OUT
        roll.note = f"介绍信{transfer.number}"
    update_together(rolls, ["ends_on", "end_reason", "note"])
    stamp = histories.event("~", reason="", actor_id=actor.pk, now=timezone.now())
    histories.remember_affiliations([roll.pk for roll in rolls], stamp)
    audit.record_many(
        actor=actor,
        action=AuditAction.AFFILIATION_ENDED,
        rows=[
            (
                roll.member,
                roll.organization,
                {
                    "kind": AffiliationKind.ON_ROLL,
                    "ends_on": str(ends_on),
                    "reason": EndReason.TRANSFERRED_OUT,
                },
            )
            for roll in rolls
        ],
    )
    relations_ended.send(sender=Affiliation, affiliations=rolls, actor=actor)
    people = {roll.member_id for roll in rolls}
    kept = Affiliation.objects.open().filter(member__in=people)
    gone = people - set(kept.values_list("member_id", flat=True))
    # Locked with their rolls.
    Member._base_manager.filter(pk__in=gone).update(
        status=MembershipStatus.TRANSFERRED_OUT,
        version=F("version") + 1,
        updated_at=timezone.now(),
    )
    histories.remember_members(gone, stamp)
    tell_of_places(people)


def leave_for_good(
    member: Member,
    ends_on: date,
    end_reason: EndReason,
    status: str,
    actor: User,
    note: str = "",
) -> None:
    """End every relation of a locked member: he died, or is no member any more.

    What this is written down in was checked. In the caller's transaction.
    """
    held = (
        member.affiliations.open()
        .select_for_update(of=("self",), no_key=True)
        .select_related("organization")
        .order_by("pk")
    )
    if end_reason == EndReason.REMOVED:  # of a death the reason says it all
        note = note or MembershipStatus(status).label
    for affiliation in list(held):
        # A relation that began after that day ends as it begins.
        day = max(ends_on, affiliation.starts_on)
        close_affiliation(affiliation, day, end_reason, note, actor)
    save_status(member, status)
    tell_of_places([member.pk])
