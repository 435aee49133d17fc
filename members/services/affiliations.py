"""Beginning, ending and moving the relation of a person to a branch."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from config.lib.errors import RuleError
from members import rules
from members.choices import (
    AffiliationKind,
    EndReason,
    MembershipStatus,
    StartReason,
)
from members.models import Affiliation, Member
from members.signals import relation_reopened, relation_started, relations_ended
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, OrganizationKind
from organizations.models import Organization, User
from organizations.signals import facts_changed


@transaction.atomic
def start_affiliation(
    *,
    member_id: int,
    organization_id: int,
    kind: str,
    starts_on: date,
    start_reason: str,
    note: str = "",
    actor: User,
) -> Affiliation:
    """Begin a relation of a known person to a branch.

    Raises Member.DoesNotExist or Organization.DoesNotExist out of the actor's scope,
    PermissionDenied without an editing post there, RuleError where a rule refuses.
    """
    member = (
        Member.objects.readable_by(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )
    organization = branch_for_change(organization_id, actor)
    rules.check_start(
        kind=kind,
        start_reason=start_reason,
        starts_on=starts_on,
        today=timezone.localdate(),
    )
    rules.check_return(member.status)
    _refuse_double(member, organization, kind, actor)
    return open_affiliation(
        member=member,
        organization=organization,
        kind=kind,
        starts_on=starts_on,
        start_reason=start_reason,
        note=note,
        actor=actor,
    )


@transaction.atomic
def end_affiliation(
    *,
    affiliation_id: int,
    ends_on: date,
    end_reason: str,
    note: str = "",
    actor: User,
) -> Affiliation:
    """End a relation; `ends_on` is the first day that no longer counts.

    Death and leaving the Party are decisions (`services.decisions`), not ends by hand.
    Raises Affiliation.DoesNotExist out of scope or when already ended.
    """
    affiliation = open_for_change(affiliation_id, actor)
    rules.check_end(
        kind=affiliation.kind,
        end_reason=end_reason,
        starts_on=affiliation.starts_on,
        ends_on=ends_on,
        today=timezone.localdate(),
    )
    member = affiliation.member
    close_affiliation(affiliation, ends_on, end_reason, note, actor)
    is_out = end_reason == EndReason.TRANSFERRED_OUT
    if is_out and not member.affiliations.open().exists():
        save_status(member, MembershipStatus.TRANSFERRED_OUT)
    tell_of_places([member.pk])
    return affiliation


@transaction.atomic
def move_affiliation(
    *,
    affiliation_id: int,
    organization_id: int,
    moved_on: date,
    note: str = "",
    actor: User,
) -> Affiliation:
    """Move a relation to another branch of the street in one step.

    The actor needs an editing post over both branches.
    """
    affiliation = open_for_change(affiliation_id, actor)
    target = branch_for_change(organization_id, actor)
    if target.pk == affiliation.organization_id:
        raise RuleError(
            "该同志已在这个党支部，请选择另一个党支部。", code="same_branch"
        )
    if moved_on > timezone.localdate():
        raise RuleError("调整日期不能晚于今天。", code="ends_future")
    if moved_on < affiliation.starts_on:
        raise RuleError(
            f"调整日期不能早于在原支部的开始日期（{affiliation.starts_on}）。",
            code="ends_before_start",
        )
    member = affiliation.member
    close_affiliation(affiliation, moved_on, EndReason.MOVED_WITHIN, note, actor)
    _refuse_double(member, target, affiliation.kind, actor)
    return open_affiliation(
        member=member,
        organization=target,
        kind=affiliation.kind,
        starts_on=moved_on,
        start_reason=StartReason.MOVED_WITHIN,
        note=note,
        actor=actor,
    )


@transaction.atomic
def reopen_affiliation(*, affiliation_id: int, actor: User) -> Affiliation:
    """Take back an end that was recorded by mistake; for those who settle claims.

    Whoever left the Party comes back by a decision alone.
    """
    affiliation = (
        Affiliation.objects.visible_to(actor)
        .select_related("organization", "member")
        .select_for_update(of=("self", "member"), no_key=True)
        .get(pk=affiliation_id, ends_on__isnull=False)
    )
    organization, member = affiliation.organization, affiliation.member
    require(actor, Right.SETTLE_CLAIMS, organization)
    rules.check_reopen(end_reason=affiliation.end_reason, status=member.status)
    _refuse_closed(organization)
    _refuse_double(member, organization, affiliation.kind, actor)
    affiliation.ends_on, affiliation.end_reason = None, ""
    affiliation.save(update_fields=["ends_on", "end_reason"])
    if member.status in {MembershipStatus.DECEASED, MembershipStatus.TRANSFERRED_OUT}:
        save_status(member, MembershipStatus.NORMAL)
    audit.record(
        actor=actor,
        action=AuditAction.AFFILIATION_STARTED,
        target=member,
        organization=organization,
        details={"affiliation": affiliation.pk, "reopened": True},
    )
    relation_reopened.send(sender=Affiliation, affiliation=affiliation, actor=actor)
    tell_of_places([member.pk])
    return affiliation


def branch_for_change(organization_id: int, actor: User) -> Organization:
    """Return the open branch, locked against closing, where `actor` may edit.

    Not against rows that refer to it: of two people moved across between two branches
    each would hold what the other's references wait for.
    """
    organization = (
        Organization.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=organization_id)
    )
    require(actor, Right.EDIT_MEMBERS, organization)
    _refuse_closed(organization)
    return organization


def open_for_change(affiliation_id: int, actor: User) -> Affiliation:
    """Return the open affiliation, locked with its member, where `actor` may edit."""
    affiliation = (
        Affiliation.objects.visible_to(actor)
        .open()
        .select_related("organization", "member")
        .select_for_update(of=("self", "member"), no_key=True)
        .get(pk=affiliation_id)
    )
    require(actor, Right.EDIT_MEMBERS, affiliation.organization)
    return affiliation


def open_affiliation(
    *,
    member: Member,
    organization: Organization,
    kind: str,
    starts_on: date,
    start_reason: str,
    note: str = "",
    actor: User,
) -> Affiliation:
    """Write a checked start: row, status, audit, signal. In a transaction."""
    affiliation = Affiliation(
        member=member,
        organization=organization,
        kind=kind,
        starts_on=starts_on,
        start_reason=start_reason,
        note=note,
    )
    affiliation.full_clean()
    affiliation.save(force_insert=True)
    if kind == AffiliationKind.ON_ROLL and member.status not in {
        MembershipStatus.NORMAL,
        MembershipStatus.SUSPENDED,
    }:
        save_status(member, MembershipStatus.NORMAL)
    audit.record(
        actor=actor,
        action=AuditAction.AFFILIATION_STARTED,
        target=member,
        organization=organization,
        details={"kind": kind, "starts_on": str(starts_on), "reason": start_reason},
    )
    relation_started.send(sender=Affiliation, affiliation=affiliation, actor=actor)
    others = member.affiliations.exclude(pk=affiliation.pk)
    is_earliest = others.exists() and not others.filter(starts_on__lte=starts_on)
    # What was recorded before a person's first relation counts at that branch.
    tell_of_places([member.pk], since=date.min if is_earliest else None)
    return affiliation


def end_at(
    organization: Organization, member: Member, day: date, note: str, actor: User
) -> None:
    """End whatever relation the person still has to a branch that now takes him in."""
    held = member.affiliations.open().filter(organization=organization)
    for other in held.select_for_update(of=("self",), no_key=True).select_related(
        "organization"
    ):
        ends_on = max(day, other.starts_on)
        close_affiliation(other, ends_on, EndReason.MOVED_WITHIN, note, actor)


def tell_of_places(member_ids: Iterable[int], since: date | None = None) -> None:
    """Say that figures changed wherever these people ever belonged.

    A relation that begins or ends moves the person's doings between branches, and a
    status that changes with it shows in every month; so since the earliest relation.
    """
    places = list(
        Affiliation.objects.filter(member__in=member_ids).values_list(
            "organization_id", "starts_on"
        )
    )
    if places:
        facts_changed.send(
            sender=Affiliation,
            organization_ids={organization_id for organization_id, _ in places},
            since=since or min(starts_on for _, starts_on in places),
        )


def close_affiliation(
    affiliation: Affiliation, ends_on: date, end_reason: str, note: str, actor: User
) -> None:
    """Write a checked end: row and audit. In a transaction."""
    affiliation.ends_on = ends_on
    affiliation.end_reason = end_reason
    affiliation.note = note or affiliation.note
    affiliation.save(update_fields=["ends_on", "end_reason", "note"])
    audit.record(
        actor=actor,
        action=AuditAction.AFFILIATION_ENDED,
        target=affiliation.member,
        organization=affiliation.organization,
        details={
            "kind": affiliation.kind,
            "ends_on": str(ends_on),
            "reason": end_reason,
        },
    )
    relations_ended.send(sender=Affiliation, affiliations=[affiliation], actor=actor)


def save_status(member: Member, status: str) -> None:
    """Write how the membership of a locked member stands."""
    if member.status == status:
        return
    member.status = status
    member.version += 1
    member.save(update_fields=["status", "version", "updated_at"])


def _refuse_closed(organization: Organization) -> None:
    if not organization.is_open:
        raise RuleError(
            f"{organization}已撤销，不能再接收党员，请另选党支部。", code="closed"
        )
    if organization.kind != OrganizationKind.BRANCH:
        raise RuleError(
            f"{organization}是{organization.get_kind_display()}，"
            "党员须编入党支部，请选择它下面的党支部。",
            code="not_branch",
        )


def _refuse_double(
    member: Member, organization: Organization, kind: str, actor: User
) -> None:
    """Refuse a second relation of the kind; name the branch only in scope."""
    same = Q(organization=organization, kind=kind)
    if kind == AffiliationKind.ON_ROLL:
        same |= Q(kind=kind)
    elif kind == AffiliationKind.CO_MANAGED:
        # Who is on this roll already is managed here in full.
        same |= Q(organization=organization, kind=AffiliationKind.ON_ROLL)
    held = member.affiliations.open().filter(same).select_related("organization")
    if (first := held.first()) is None:
        return
    if not Affiliation.objects.visible_to(actor).filter(pk=first.pk).exists():
        raise RuleError(rules.NEEDS_STREET, code="needs_street")
    raise RuleError(
        f"{member}已在{first.organization}登记为{first.get_kind_display()}党员，"
        "不能重复登记。如需调整，请办理支部调整或先结束原关系。",
        code="already_affiliated",
    )


def hand_over(
    *, source: Organization, target: Organization, on_date: date, actor: User
) -> int:
    """Move every open relation of a branch that merges into `target`; return how many.

    The right to merge covers it. Who is in the target already in the same way is
    only ended at the source. In the caller's transaction.
    """
    moving = list(
        source.affiliations.open()
        .select_related("member", "organization")
        .select_for_update(of=("self",), no_key=True)
    )
    if moving:
        _refuse_closed(target)
    held = set(target.affiliations.open().values_list("member_id", "kind"))
    for affiliation in moving:
        day = max(on_date, affiliation.starts_on)
        note = f"{source}并入{target}"
        close_affiliation(affiliation, day, EndReason.MOVED_WITHIN, note, actor)
        wanted = {affiliation.kind}
        if affiliation.kind == AffiliationKind.CO_MANAGED:
            # Who is on this roll already is managed here in full.
            wanted.add(AffiliationKind.ON_ROLL)
        if not held & {(affiliation.member_id, kind) for kind in wanted}:
            open_affiliation(
                member=affiliation.member,
                organization=target,
                kind=affiliation.kind,
                starts_on=day,
                start_reason=StartReason.MOVED_WITHIN,
                note=note,
                actor=actor,
            )
    tell_of_places([affiliation.member_id for affiliation in moving])
    return len(moving)
