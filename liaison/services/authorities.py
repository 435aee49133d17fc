"""Authorities that a street exchanges lists with, and whom it calls there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.identity import normalize_phone
from config.lib.versions import check_version
from liaison.models import Authority, AuthorityContact
from liaison.rules import authorities as rules
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class AuthorityFacts:
    name: str
    kind: str
    since: date
    duty: str = ""
    months: int | None = None


@dataclass(frozen=True)
class ContactFacts:
    name: str
    job: str = ""
    phone: str = ""


@transaction.atomic
def register_authority(
    *,
    organization_id: int,
    facts: AuthorityFacts,
    actor: User,
    request_id: UUID | None = None,
) -> Authority:
    """Put an authority on the register of a street.

    A repeated `request_id` returns the row of the first time. Raises
    Organization.DoesNotExist out of scope, RuleError.
    """
    # A street alone keeps contact: communities get what concerns them from it.
    places = Organization.objects.with_right(actor, Right.KEEP_AUTHORITIES).open()
    street = (
        places.filter(parent__isnull=True)
        .select_for_update(of=("self",), no_key=True)
        .get(pk=organization_id)
    )
    if request_id is not None:
        earlier = Authority.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    authority = Authority(organization=street, request_id=request_id)
    _apply(authority, facts)
    authority.save(force_insert=True)
    tell(authority, "registered", actor, since=authority.since)
    return authority


@transaction.atomic
def amend_authority(
    *,
    authority_id: int,
    facts: AuthorityFacts,
    version: int | None = None,
    actor: User,
) -> Authority:
    """Change an authority. Raises Authority.DoesNotExist, StaleError, RuleError."""
    authority = locked_authority(authority_id, actor)
    check_version(authority, version)
    first = min(authority.since, facts.since)
    _apply(authority, facts)
    _save(authority)
    tell(authority, "amended", actor, since=first)
    return authority


@transaction.atomic
def retire_authority(
    *, authority_id: int, reason: str, version: int | None = None, actor: User
) -> Authority:
    """Keep contact no longer, merged authorities say; what was exchanged stays."""
    authority = locked_authority(authority_id, actor)
    check_version(authority, version)
    if not reason.strip():
        raise RuleError("请写明停止联系的原因。", code="reason")
    if number := authority.exchanges.open().count():
        raise RuleError(
            f"还有 {number} 件往来没有了结，请先登记答复或撤回。", code="open"
        )
    authority.retired_on = timezone.localdate()
    authority.retired_reason = reason.strip()
    _save(authority)
    tell(authority, "retired", actor, since=authority.retired_on)
    return authority


@transaction.atomic
def add_contact(
    *,
    authority_id: int,
    facts: ContactFacts,
    actor: User,
    request_id: UUID | None = None,
) -> AuthorityContact:
    """Say whom to call. A repeated `request_id` returns the contact of before."""
    authority = locked_authority(authority_id, actor)
    if request_id is not None:
        earlier = authority.contacts.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    contact = AuthorityContact(authority=authority, request_id=request_id)
    _apply_contact(contact, facts)
    contact.save(force_insert=True)
    tell(authority, "contact_saved", actor)
    return contact


@transaction.atomic
def amend_contact(
    *, contact_id: int, facts: ContactFacts, version: int | None = None, actor: User
) -> AuthorityContact:
    """Change a contact. Raises AuthorityContact.DoesNotExist, StaleError, RuleError."""
    contact = _locked_contact(contact_id, actor)
    check_version(contact, version)
    _apply_contact(contact, facts)
    contact.version += 1
    contact.save()
    tell(contact.authority, "contact_saved", actor)
    return contact


@transaction.atomic
def end_contact(
    *, contact_id: int, version: int | None = None, actor: User
) -> AuthorityContact:
    """Somebody else is in that office now: call this one no more."""
    contact = _locked_contact(contact_id, actor)
    check_version(contact, version)
    contact.ended_on = timezone.localdate()
    contact.version += 1
    contact.save()
    tell(contact.authority, "contact_ended", actor)
    return contact


def locked_authority(
    authority_id: int, actor: User, *, may_be_retired: bool = False
) -> Authority:
    rows = Authority.objects.visible_to(actor).select_related("organization")
    authority = rows.select_for_update(of=("self",), no_key=True).get(pk=authority_id)
    require(actor, Right.KEEP_AUTHORITIES, authority.organization)
    if authority.retired_on is not None and not may_be_retired:
        raise RuleError(
            f"已于{authority.retired_on}停止与这个部门联系，不能再改。", code="retired"
        )
    return authority


def tell(
    authority: Authority, step: str, actor: User, *, since: date | None = None
) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.AUTHORITY_CONTACTED,
        target=authority,
        organization=authority.organization,
        details={"authority_step": step},
    )
    if since is not None:
        facts_changed.send(
            sender=Authority,
            organization_ids={authority.organization_id},
            since=since,
        )


def _apply(authority: Authority, facts: AuthorityFacts) -> None:
    if facts.since > timezone.localdate():
        raise RuleError("建立联系日期不能晚于今天。", code="since")
    rules.check_rhythm(facts.months)
    name = facts.name.strip()
    same = Authority.objects.in_use().filter(
        organization=authority.organization, name=name
    )
    if same.exclude(pk=authority.pk).exists():
        raise RuleError(f"“{name}”已经登记，请打开那一个。", code="name")
    authority.name, authority.kind = name, facts.kind
    authority.duty, authority.since = facts.duty.strip(), facts.since
    authority.months = facts.months
    authority.clean_fields(exclude=["organization", "retired_reason"])


def _apply_contact(contact: AuthorityContact, facts: ContactFacts) -> None:
    contact.name, contact.job = facts.name.strip(), facts.job.strip()
    contact.phone = normalize_phone(facts.phone) if facts.phone.strip() else ""
    contact.clean_fields(exclude=["authority"])


def _locked_contact(contact_id: int, actor: User) -> AuthorityContact:
    seen = AuthorityContact.objects.visible_to(actor)
    authority = locked_authority(seen.get(pk=contact_id).authority_id, actor)
    contact = seen.get(pk=contact_id)
    contact.authority = authority
    if contact.ended_on is not None:
        raise RuleError("这位联系人已经停用。", code="ended")
    return contact


def _save(authority: Authority) -> None:
    authority.version += 1
    authority.save()
