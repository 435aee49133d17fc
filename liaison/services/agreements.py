"""Agreements with resident units: drawn up, signed, renewed, ended early.

Signing turns each clause into dated obligations; from then on the text stands, and
what was promised is met by evidence (`liaison.services.obligations`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.paths import ancestors
from config.lib.versions import check_version
from liaison.choices.agreements import ListKind
from liaison.models import Agreement, AgreementParty, ListItem, Obligation
from liaison.rules import agreements as rules
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FilePurpose
from organizations.models import Organization, User, WorkUnit
from organizations.services.files import DOCUMENTS, store_upload
from organizations.signals import facts_changed

SCAN_MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class AgreementFacts:
    """What an agreement is, apart from its clauses."""

    title: str
    starts_on: date
    ends_on: date
    number: str = ""
    purpose: str = ""
    liaison_name: str = ""


@transaction.atomic
def draft_agreement(
    *,
    organization_id: int,
    facts: AgreementFacts,
    unit_ids: Sequence[int],
    actor: User,
    request_id: UUID | None = None,
) -> Agreement:
    """Begin a draft with its units; the street above is the witness.

    A repeated `request_id` returns the draft of the first time. Raises
    Organization.DoesNotExist and WorkUnit.DoesNotExist out of scope, RuleError.
    """
    places = Organization.objects.with_right(actor, Right.KEEP_AGREEMENTS).open()
    organization = places.select_for_update(of=("self",), no_key=True).get(
        pk=organization_id
    )
    if request_id is not None:
        earlier = Agreement.objects.visible_to(actor).filter(request_id=request_id)
        if (found := earlier.first()) is not None:
            return found
    street = Organization.objects.get(path=ancestors(organization.path)[0])
    agreement = Agreement(
        organization=organization,
        witness=None if street == organization else street,
        drawn_by=actor,
        request_id=request_id,
    )
    _apply(agreement, facts)
    agreement.save()
    _write_parties(agreement, unit_ids, actor)
    tell(agreement, "drafted", actor)
    return agreement


@transaction.atomic
def amend_agreement(
    *,
    agreement_id: int,
    facts: AgreementFacts,
    unit_ids: Sequence[int],
    version: int | None = None,
    actor: User,
) -> Agreement:
    """Change a draft; raises as `draft_agreement`, StaleError.

    A unit that a clause or a line of the lists names stays.
    """
    agreement = locked_draft(agreement_id, actor)
    check_version(agreement, version)
    _apply(agreement, facts)
    for clause in agreement.clauses.all():
        due_on = clause.due_on or agreement.starts_on
        if not agreement.starts_on <= due_on <= agreement.ends_on:
            raise RuleError(
                f"{clause}的办结期限（{clause.due_on}）不在新的协议期内，"
                "请先修改条款。",
                code="ends_on",
            )
    _save(agreement)
    _write_parties(agreement, unit_ids, actor)
    tell(agreement, "amended", actor)
    return agreement


@transaction.atomic
def discard_draft(
    *, agreement_id: int, version: int | None = None, actor: User
) -> Agreement:
    """Put a draft aside for good; it stays on record."""
    agreement = locked_draft(agreement_id, actor)
    check_version(agreement, version)
    agreement.discarded_at = timezone.now()
    # What it was to renew may be renewed again.
    agreement.renews = None
    _save(agreement)
    tell(agreement, "discarded", actor)
    return agreement


@transaction.atomic
def sign_agreement(
    *,
    agreement_id: int,
    signed_on: date,
    signatory: str,
    unit_signatories: dict[int, str],
    upload: Any = None,
    version: int | None = None,
    actor: User,
) -> Agreement:
    """Record the signing and write down what each clause and project owes, by when.

    `unit_signatories` maps a party's id to who signed for the unit. Raises
    Agreement.DoesNotExist, PermissionDenied, StaleError, RuleError.
    """
    agreement = locked_draft(agreement_id, actor)
    check_version(agreement, version)
    clauses = list(agreement.clauses.all())
    rules.check_signing(
        signed_on=signed_on,
        starts_on=agreement.starts_on,
        today=timezone.localdate(),
        clauses=len(clauses),
    )
    agreement.signed_on, agreement.signatory = signed_on, signatory.strip()
    if upload:
        agreement.scan = _stored(upload, agreement, actor)
    _save(agreement)
    for party in agreement.parties.all():
        party.signatory = unit_signatories.get(party.pk, "").strip()
        party.save(update_fields=["signatory"])
    Obligation.objects.bulk_create(
        Obligation(
            agreement=agreement,
            clause=clause,
            starts_on=begin,
            due_on=last,
            times=clause.times,
        )
        for clause in clauses
        for begin, last in rules.due_dates(
            clause.rhythm, clause.due_on, agreement.starts_on, agreement.ends_on
        )
    )
    projects = agreement.items.filter(kind=ListKind.PROJECT, removed_at__isnull=True)
    Obligation.objects.bulk_create(owed_by_project(each) for each in projects)
    tell(agreement, "signed", actor, since=agreement.starts_on)
    return agreement


@transaction.atomic
def add_scan(*, agreement_id: int, upload: Any, actor: User) -> Agreement:
    """Keep the scan of the signed paper; one that comes later takes its place."""
    agreement = locked_agreement(agreement_id, actor)
    if agreement.signed_on is None:
        raise RuleError("协议还没有登记签订，请在登记签订时上传。", code="scan")
    agreement.scan = _stored(upload, agreement, actor)
    _save(agreement)
    tell(agreement, "scanned", actor)
    return agreement


@transaction.atomic
def end_agreement(
    *,
    agreement_id: int,
    ended_on: date,
    reason: str,
    version: int | None = None,
    actor: User,
) -> Agreement:
    """End an agreement early: what falls due from that day on is owed no more."""
    agreement = locked_agreement(agreement_id, actor)
    check_version(agreement, version)
    if agreement.signed_on is None or agreement.ended_on is not None:
        raise RuleError("只有已签订、还没有终止的协议可以终止。", code="state")
    rules.check_ending(
        ended_on,
        signed_on=agreement.signed_on,
        ends_on=agreement.ends_on,
        today=timezone.localdate(),
    )
    if not reason.strip():
        raise RuleError("请写明提前终止的原因。", code="reason")
    agreement.ended_on, agreement.ended_reason = ended_on, reason.strip()
    _save(agreement)
    tell(agreement, "ended", actor, since=ended_on)
    return agreement


def owed_by_project(item: ListItem) -> Obligation:
    """What a project of the lists owes: once, by its day."""
    agreement = item.agreement
    assert item.due_on is not None
    return Obligation(
        agreement=agreement,
        item=item,
        starts_on=min(agreement.starts_on, item.due_on),
        due_on=item.due_on,
    )


def locked_agreement(agreement_id: int, actor: User) -> Agreement:
    rows = Agreement.objects.visible_to(actor).standing().select_related("organization")
    agreement = rows.select_for_update(of=("self",), no_key=True).get(pk=agreement_id)
    require(actor, Right.KEEP_AGREEMENTS, agreement.organization)
    return agreement


def locked_draft(agreement_id: int, actor: User) -> Agreement:
    agreement = locked_agreement(agreement_id, actor)
    if agreement.signed_on is not None:
        raise RuleError(
            "协议已经签订，内容不能再改；要变更的请提前终止后续签。", code="signed"
        )
    return agreement


def tell(
    agreement: Agreement, step: str, actor: User, *, since: date | None = None
) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.AGREEMENT_SAVED,
        target=agreement,
        organization=agreement.organization,
        details={"agreement_step": step},
    )
    if since is not None:
        facts_changed.send(
            sender=Agreement,
            organization_ids={agreement.organization_id},
            since=since,
        )


def hand_over_agreements(*, source: Organization, target: Organization) -> None:
    """Let the one an organization merges into keep its agreements.

    In the caller's transaction.
    """
    rows = Agreement.objects.filter(organization=source)
    first = rows.order_by("starts_on").values_list("starts_on", flat=True).first()
    if first is not None:
        rows.update(organization=target)
        facts_changed.send(
            sender=Agreement, organization_ids={source.pk, target.pk}, since=first
        )


def _apply(agreement: Agreement, facts: AgreementFacts) -> None:
    rules.check_term(facts.starts_on, facts.ends_on)
    agreement.title, agreement.number = facts.title.strip(), facts.number.strip()
    agreement.purpose = facts.purpose.strip()
    agreement.liaison_name = facts.liaison_name.strip()
    agreement.starts_on, agreement.ends_on = facts.starts_on, facts.ends_on
    agreement.clean_fields(exclude=["organization", "witness", "drawn_by"])


def _save(agreement: Agreement) -> None:
    agreement.version += 1
    agreement.save()


def _write_parties(agreement: Agreement, unit_ids: Sequence[int], actor: User) -> None:
    rules.check_parties(list(unit_ids))
    units = {
        unit.pk: unit
        for unit in WorkUnit.objects.visible_to(actor).filter(pk__in=unit_ids)
    }
    if len(units) != len(set(unit_ids)):
        raise WorkUnit.DoesNotExist
    standing = {party.unit_id: party for party in agreement.parties.all()}
    for pk, party in standing.items():
        if pk in units:
            continue
        if party.clauses.exists() or party.items.exists():
            raise RuleError(
                f"{party}还有条款或清单事项，不能移出协议；请先修改这些内容。",
                code="units",
            )
        party.delete()
    for pk, unit in units.items():
        if pk not in standing:
            AgreementParty.objects.create(
                agreement=agreement, unit=unit, liaison_name=unit.contact_name
            )


def _stored(upload: Any, agreement: Agreement, actor: User) -> Any:
    return store_upload(
        upload=upload,
        purpose=FilePurpose.AGREEMENT,
        organization=agreement.organization,
        actor=actor,
        allowed_types=DOCUMENTS,
        max_bytes=SCAN_MAX_BYTES,
    )
