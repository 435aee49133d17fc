"""Stays that end because a relation of the person did, of many people at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone

from config.lib.together import update_together
from members.choices import AffiliationKind, EndReason
from members.choices.mobile import MobileEnd
from members.imports import histories
from members.models import Affiliation, Member, MobileStay
from members.rules import mobile as rules
from members.services.affiliations import close_affiliation, tell_of_places
from members.services.mobile_rows import set_end
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed

_ENDED = ["state", "end_reason", "ended_on", "closing_note", "version"]


def end_with_relations(
    ends: Sequence[tuple[MobileStay, Affiliation]], actor: User
) -> None:
    """End each stay as the relation beside it has ended. All rows are locked."""
    if not ends:
        return
    for stay, cause in ends:
        # The instance that the caller goes on to save.
        if stay.member_id == cause.member_id:
            stay.member = cause.member
        assert cause.ends_on is not None
        set_end(stay, rules.STAY_ENDS[cause.end_reason], cause.ends_on)
        stay.version += 1
    stays = [stay for stay, _ in ends]
    update_together(stays, _ENDED)
    _unmark([stay.member for stay in stays if stay.member is not None], actor)
    end_held(stays, actor)
    tell_end(*stays, actor=actor)


def end_held(stays: Collection[MobileStay], actor: User) -> None:
    """End the relations to the branches that took in who is on a roll elsewhere now."""
    over = {
        (stay.member_id, stay.host_id): stay
        for stay in stays
        if stay.end_reason == MobileEnd.TRANSFERRED and stay.member_id and stay.host_id
    }
    held = (
        Affiliation.objects.open()
        .filter(
            kind=AffiliationKind.MOBILE_IN,
            member__in={member_id for member_id, _ in over},
            organization__in={host_id for _, host_id in over},
        )
        .select_related("organization", "member")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    for relation in held if over else ():
        stay = over.get((relation.member_id, relation.organization_id))
        if stay is not None and stay.ended_on is not None:
            last = max(stay.ended_on, relation.starts_on)
            close_affiliation(relation, last, EndReason.MOVED_WITHIN, "转为在册", actor)


def tell_end(*stays: MobileStay, actor: User) -> None:
    """Write the ends to the trail, and mark the figures of all sides once."""
    audit.record_many(
        actor=actor,
        action=AuditAction.MOBILE_CHANGED,
        rows=[(stay, stay.host or stay.home, _details(stay)) for stay in stays],
    )
    sides = {side for stay in stays for side in (stay.home_id, stay.host_id)}
    facts_changed.send(
        sender=MobileStay,
        organization_ids=sides - {None},
        since=min(stay.started_on for stay in stays),
    )


def _details(stay: MobileStay) -> dict[str, Any]:
    return {
        "mobile_state": stay.state,
        "mobile_end": stay.end_reason,
        "on": str(stay.ended_on),
    }


def _unmark(people: Collection[Member], actor: User) -> None:
    """They are away no more: what the lists show, in the instances and the table."""
    away = [member for member in people if member.is_mobile]
    if not away:
        return
    now = timezone.now()
    for member in away:
        member.is_mobile = False
        member.version += 1
        member.updated_at = now
    update_together(away, ["is_mobile", "version", "updated_at"])
    ids = [member.pk for member in away]
    stamp = histories.event("~", reason="", actor_id=actor.pk, now=now)
    histories.remember_members(ids, stamp)
    tell_of_places(ids)
