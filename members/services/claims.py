"""A branch entered a person known elsewhere: queue it, settle it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.choices import AffiliationKind, ClaimState, StartReason
from members.models import DuplicateClaim, Member
from members.services.affiliations import start_affiliation
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction
from organizations.models import Organization, User

START_REASON_BY_KIND: dict[str, StartReason] = {
    AffiliationKind.ON_ROLL: StartReason.TRANSFERRED_IN,
    AffiliationKind.CO_MANAGED: StartReason.REPORTED_IN,
    AffiliationKind.MOBILE_IN: StartReason.FLOWED_IN,
}


@transaction.atomic
def queue_claim(
    *, member_id: int, organization_id: int, kind: str, source: str, actor: User
) -> DuplicateClaim:
    """Queue a claim for street staff; the same open claim is not doubled.

    Only the services that met the person by the ID number may call this.
    """
    organization = Organization.objects.visible_to(actor).get(pk=organization_id)
    require(actor, Right.EDIT_MEMBERS, organization)
    claim, _ = DuplicateClaim.objects.get_or_create(
        member_id=member_id,
        organization=organization,
        kind=kind,
        state=ClaimState.OPEN,
        defaults={
            # A command acts as the system, which has no account.
            "claimed_by": actor if actor.pk else None,
            "source": source[:120],
        },
    )
    return claim


@transaction.atomic
def accept_claim(
    *,
    claim_id: int,
    starts_on: date,
    start_reason: str = "",
    words: str = "",
    actor: User,
) -> DuplicateClaim:
    """Start the claimed affiliation.

    Raises DuplicateClaim.DoesNotExist out of scope or when settled, RuleError when
    the person is on another roll: that needs a transfer, not a claim.
    """
    claim = _locked_claim(claim_id, actor)
    member = claim.member
    if _is_there(claim):
        # Moved there meanwhile: the claim asks for what is so already.
        return _settle(claim, ClaimState.ACCEPTED, words, actor)
    if claim.kind == AffiliationKind.ON_ROLL and (held := on_roll_of(member)):
        raise RuleError(
            f"{member}的组织关系现在{held.organization}，不能直接并入。"
            "请先由该支部办理支部调整或转出，再受理；或者填写意见，不予受理。",
            code="needs_transfer",
        )
    reason = start_reason or START_REASON_BY_KIND[claim.kind]
    start_affiliation(
        member_id=member.pk,
        organization_id=claim.organization_id,
        kind=claim.kind,
        starts_on=starts_on,
        start_reason=reason,
        note=words,
        actor=actor,
    )
    return _settle(claim, ClaimState.ACCEPTED, words, actor)


@transaction.atomic
def refuse_claim(*, claim_id: int, words: str, actor: User) -> DuplicateClaim:
    """Refuse a claim; `words` tell the branch why and must not be empty."""
    claim = _locked_claim(claim_id, actor)
    if not words.strip():
        raise RuleError("不予受理时请填写处理意见，说明原因和下一步。", code="words")
    return _settle(claim, ClaimState.REFUSED, words.strip(), actor)


def on_roll_of(member: Member):
    """Return the member's open on-roll affiliation with its organization, or None."""
    return (
        member.affiliations.open()
        .filter(kind=AffiliationKind.ON_ROLL)
        .select_related("organization")
        .first()
    )


def _is_there(claim: DuplicateClaim) -> bool:
    return (
        claim.member.affiliations.open()
        .filter(organization=claim.organization, kind=claim.kind)
        .exists()
    )


def _locked_claim(claim_id: int, actor: User) -> DuplicateClaim:
    claim = (
        DuplicateClaim.objects.visible_to(actor)
        .open()
        .select_for_update(of=("self",))
        .select_related("member", "organization")
        .get(pk=claim_id)
    )
    require(actor, Right.SETTLE_CLAIMS, claim.organization)
    return claim


def _settle(
    claim: DuplicateClaim, state: ClaimState, words: str, actor: User
) -> DuplicateClaim:
    claim.state = state
    claim.words = words
    claim.settled_by = actor
    claim.settled_at = timezone.now()
    claim.save(update_fields=["state", "words", "settled_by", "settled_at"])
    audit.record(
        actor=actor,
        action=AuditAction.CLAIM_SETTLED,
        target=claim.member,
        organization=claim.organization,
        details={"claim": claim.pk, "state": state, "words": words},
    )
    return claim
