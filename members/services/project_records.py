"""What a project of community services writes into its people's records.

The app that keeps projects calls these: it has asked the rights, and written the
project's own row in the same transaction. What stands here with the source "project"
is changed from there only (`rules.check_by_hand`), so that there is one truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from config.lib.errors import RuleError
from members.choices.employment import LeadKind, RecordSource
from members.models import EmploymentSpell, Lead, Member
from members.rules import employment as rules
from members.services.employment import (
    counted_spells,
    insert_spell,
    tell,
    tell_of_deed,
    tell_of_spells,
    withdraw_row,
)
from organizations.choices import AuditAction
from organizations.models import Organization, User


def lock_people(member_ids: Iterable[int | None]) -> dict[int, Member]:
    """The members by id, their rows locked in one order, wherever they are by now.

    None stands for a resident, who is no member.
    """
    rows = (
        Member.objects.filter(pk__in={pk for pk in member_ids if pk is not None})
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    return {member.pk: member for member in rows}


def open_spell(
    *,
    member: Member,
    organization: Organization,
    status: str,
    starts_on: date,
    workplace: str,
    actor: User,
) -> EmploymentSpell | None:
    """Write that the locked `member` works here since then.

    None where that stands already, written down by hand. Raises RuleError where the
    line of his spells does not take it.
    """
    others = counted_spells(member)
    before = [spell for spell, _ in rules.timeline(others)]
    standing = [spell for spell in before if spell.starts_on <= starts_on][-1:]
    for spell in standing:
        if (spell.status, spell.workplace) == (status, workplace):
            return None
    spell = insert_spell(
        member,
        organization,
        status,
        starts_on,
        workplace,
        others,
        source=RecordSource.PROJECT,
        actor=actor,
    )
    tell(spell, AuditAction.EMPLOYMENT_RECORDED, actor)
    tell_of_spells(member, organization, starts_on)
    return spell


def follow_spell(
    *,
    spell: EmploymentSpell,
    member: Member,
    status: str,
    starts_on: date,
    workplace: str,
    actor: User,
) -> EmploymentSpell | None:
    """Write what comes after a spell that a project opened.

    None where something else was written down meanwhile: that is newer and stays.
    """
    others = counted_spells(member)
    latest = max(others, key=lambda other: other.starts_on, default=None)
    # By the day: of two records that became one the twin may be the one that counts.
    if latest is None or latest.starts_on != spell.starts_on:
        return None
    following = insert_spell(
        member,
        spell.organization,
        status,
        starts_on,
        workplace,
        others,
        source=RecordSource.PROJECT,
        actor=actor,
    )
    tell(following, AuditAction.EMPLOYMENT_RECORDED, actor)
    tell_of_spells(member, spell.organization, starts_on)
    return following


def withdraw_spell(spell: EmploymentSpell | None, actor: User) -> None:
    """Take back what a project wrote by mistake."""
    if spell is None or spell.withdrawn_at is not None:
        return
    withdraw_row(spell, actor)
    tell(spell, AuditAction.EMPLOYMENT_WITHDRAWN, actor)
    tell_of_spells(spell.member, spell.organization, spell.starts_on)


def write_lead(
    *,
    member: Member,
    organization: Organization,
    kind: str,
    starts_on: date,
    title: str,
    people_count: int = 0,
    posts_count: int = 0,
    actor: User,
) -> Lead:
    """Write a deed that a project earns its founder; raises RuleError."""
    rules.check_day(
        "starts_on",
        starts_on,
        joined_on=member.joined_on,
        today=timezone.localdate(),
    )
    lead = Lead(
        member=member,
        organization=organization,
        kind=kind,
        starts_on=starts_on,
        title=title,
        people_count=people_count,
        posts_count=posts_count,
        source=RecordSource.PROJECT,
        recorded_by=actor,
    )
    lead.full_clean()
    lead.save(force_insert=True)
    tell(lead, AuditAction.LEAD_RECORDED, actor, on=str(starts_on))
    tell_of_deed(lead)
    return lead


def withdraw_lead(lead: Lead | None, actor: User) -> None:
    """Take back a deed with what earned it."""
    if lead is None or lead.withdrawn_at is not None:
        return
    withdraw_row(lead, actor)
    tell(lead, AuditAction.EMPLOYMENT_WITHDRAWN, actor)
    tell_of_deed(lead)


def check_not_by_hand(member: Member, title: str) -> None:
    """Raise RuleError for a service that was written down on the member's page."""
    deeds = Lead.objects.counted().filter(
        member=member, kind=LeadKind.SERVICE, source=RecordSource.HAND
    )
    if any(deed.title == title for deed in deeds):
        raise RuleError(
            f"{member.name}的“双带”事迹里已手工登记“{title}”。请先在他的“就业”页撤回"
            "那一条，再建服务项目，以免一个项目算两次。",
            code="name",
        )
