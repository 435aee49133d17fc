"""Writing down how somebody's employment stands, and what he needs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import StaleError
from members.choices.employment import RecordSource
from members.models import EmploymentNeed, EmploymentSpell, HelpStep, Member
from members.models.employment import EmploymentRecord
from members.rules import employment as rules
from members.services.contacts import branch_in_touch
from members.services.members import update_member
from members.signals import contacts_changed
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@transaction.atomic
def record_spell(
    *,
    member_id: int,
    status: str,
    starts_on: date,
    workplace: str = "",
    set_category: bool = False,
    actor: User,
) -> EmploymentSpell:
    """Write down how it stands since `starts_on`; the spell before lasts until then.

    `set_category` brings the member's category in line. The same once more is the
    same spell. Raises Member.DoesNotExist out of scope, PermissionDenied where the
    actor looks after nobody here, RuleError.
    """
    member = lock_member(member_id, actor)
    organization = branch_in_touch(member, actor)
    workplace = workplace.strip()
    others = counted_spells(member)
    for known in others:
        if _facts(known) == (status, starts_on, workplace):
            return known
    spell = insert_spell(
        member, organization, status, starts_on, workplace, others, actor=actor
    )
    tell(spell, AuditAction.EMPLOYMENT_RECORDED, actor)
    if set_category:
        _set_category(spell, others, actor)
    tell_of_spells(member, organization, starts_on)
    return spell


@transaction.atomic
def amend_spell(
    *,
    spell_id: int,
    status: str,
    starts_on: date,
    workplace: str = "",
    set_category: bool = False,
    actor: User,
) -> EmploymentSpell:
    """Put a spell right by another in its place; the wrong one stays, withdrawn.

    Raises EmploymentSpell.DoesNotExist out of scope, StaleError where somebody has
    corrected or withdrawn it meanwhile, RuleError.
    """
    wrong, organization = lock_record(EmploymentSpell, spell_id, actor)
    if wrong.withdrawn_at is not None:
        raise StaleError
    rules.check_by_hand(wrong.source)
    workplace = workplace.strip()
    is_same = _facts(wrong) == (status, starts_on, workplace)
    if is_same and not set_category:
        return wrong
    member = wrong.member
    others = [spell for spell in counted_spells(member) if spell.pk != wrong.pk]
    spell = wrong
    if not is_same:
        withdraw_row(wrong, actor)
        spell = insert_spell(
            member,
            organization,
            status,
            starts_on,
            workplace,
            others,
            replaces=wrong,
            actor=actor,
        )
        tell(spell, AuditAction.EMPLOYMENT_AMENDED, actor)
    if set_category:
        _set_category(spell, others, actor)
    tell_of_spells(member, organization, min(starts_on, wrong.starts_on))
    return spell


@transaction.atomic
def save_needs(
    *, member_id: int, needs: str, skills: str, version: int | None, actor: User
) -> EmploymentNeed | None:
    """Write down what somebody needs and wants to learn; earlier words are kept.

    `version` is that of the words the form showed, 0 for none. Raises as
    `record_spell`, and StaleError where somebody has written meanwhile.
    """
    member = lock_member(member_id, actor)
    branch = branch_in_touch(member, actor)
    known = EmploymentNeed.objects.filter(member=member).first()
    if version is not None and version != (known.version if known else 0):
        raise StaleError
    needs, skills = needs.strip(), skills.strip()
    rules.check_length(needs, rules.TEXT_LENGTH, "困难和需求", "needs")
    rules.check_length(skills, rules.TEXT_LENGTH, "想学的技能", "skills")
    if (known.needs, known.skills) == (needs, skills) if known else not needs + skills:
        return known
    row = EmploymentNeed.objects.create(
        member=member, needs=needs, skills=skills, recorded_by=actor
    )
    audit.record(
        actor=actor, action=AuditAction.NEEDS_SAVED, target=row, organization=branch
    )
    return row


@transaction.atomic
def withdraw_record(
    *, model: type[EmploymentRecord], record_id: int, actor: User
) -> EmploymentRecord:
    """Take back what was written down by mistake; it stays on record, uncounted.

    Raises RuleError for what a project of services has written.
    """
    record, organization = lock_record(model, record_id, actor)
    if record.withdrawn_at is not None:
        return record
    rules.check_by_hand(getattr(record, "source", RecordSource.HAND))
    withdraw_row(record, actor)
    tell(record, AuditAction.EMPLOYMENT_WITHDRAWN, actor)
    if isinstance(record, EmploymentSpell):
        tell_of_spells(record.member, organization, record.starts_on)
    else:
        tell_of_deed(record)
    return record


def lock_member(member_id: int, actor: User) -> Member:
    """Return the member, whose row all that writes about his work waits for."""
    return (
        Member.objects.visible_to(actor)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=member_id)
    )


def lock_record(
    model: type[EmploymentRecord], record_id: int, actor: User
) -> tuple[Any, Organization]:
    """Return a record, its member locked, and the branch for which `actor` changes it.

    The member first, as everywhere, then the record as it is by now.
    """
    rows = model.objects.visible_to(actor)
    member = lock_member(rows.values_list("member", flat=True).get(pk=record_id), actor)
    organization = branch_in_touch(member, actor)
    record = rows.select_related("organization").get(pk=record_id)
    record.member = member
    return record, organization


def withdraw_row(record: EmploymentRecord, actor: User) -> None:
    record.withdrawn_by, record.withdrawn_at = actor, timezone.now()
    record.save(update_fields=["withdrawn_by", "withdrawn_at"])


def tell(
    record: EmploymentRecord, action: AuditAction, actor: User, **details: Any
) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=record,
        organization=record.organization,
        details=details,
    )


def tell_of_spells(member: Member, organization: Organization, since: date) -> None:
    """A spell counts at whatever branch educated the member from then on."""
    places = set(member.affiliations.values_list("organization_id", flat=True))
    facts_changed.send(
        sender=EmploymentSpell,
        organization_ids=places | {organization.pk},
        since=since,
    )


def tell_of_deed(record: Any) -> None:
    """Help and deeds count at the branch that wrote them down."""
    day = record.given_on if isinstance(record, HelpStep) else record.starts_on
    if isinstance(record, HelpStep):
        contacts_changed.send(sender=HelpStep, member_ids=[record.member_id], since=day)
    facts_changed.send(
        sender=type(record), organization_ids={record.organization_id}, since=day
    )


def counted_spells(member: Member) -> list[EmploymentSpell]:
    return list(EmploymentSpell.objects.counted().filter(member=member))


def _facts(spell: EmploymentSpell) -> tuple[str, date, str]:
    return spell.status, spell.starts_on, spell.workplace


def insert_spell(
    member: Member,
    organization: Organization,
    status: str,
    starts_on: date,
    workplace: str,
    others: list[EmploymentSpell],
    *,
    replaces: EmploymentSpell | None = None,
    source: str = RecordSource.HAND,
    actor: User,
) -> EmploymentSpell:
    """Write a spell that stands among the `others`; raises RuleError."""
    rules.check_spell(
        status=status,
        starts_on=starts_on,
        workplace=workplace,
        born_on=member.born_on,
        today=timezone.localdate(),
    )
    rules.check_among(status, starts_on, workplace, others)
    spell = EmploymentSpell(
        member=member,
        organization=organization,
        status=status,
        starts_on=starts_on,
        workplace=workplace,
        replaces=replaces,
        source=source,
        recorded_by=actor,
    )
    spell.full_clean()
    spell.save(force_insert=True)
    return spell


def _set_category(
    spell: EmploymentSpell, others: list[EmploymentSpell], actor: User
) -> None:
    """Bring the member's category in line with his latest spell."""
    is_latest = all(other.starts_on < spell.starts_on for other in others)
    category = rules.check_category(spell.status, is_latest=is_latest)
    try:
        update_member(
            member_id=spell.member_id, version=None, actor=actor, category=category
        )
    except RuleError as error:
        raise RuleError(error.text, code="set_category") from error
