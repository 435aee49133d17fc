"""Aid given to members in difficulty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.errors import RuleError
from members.models import HardshipAid, HardshipCase
from members.rules import hardship as rules
from members.services.hardship import locked, require
from members.signals import contacts_changed
from organizations import audit
from organizations.access import Right
from organizations.choices import AuditAction
from organizations.models import User
from organizations.signals import facts_changed


@dataclass(frozen=True)
class Gift:
    """What was given, when, on which voucher, and who brought it."""

    kind: str
    amount: Decimal
    given_on: date
    voucher_number: str = ""
    visitors: str = ""
    words: str = ""
    urgent_reason: str = ""


@transaction.atomic
def record_aid(
    *, case_id: int, gift: Gift, request_id: UUID | None = None, actor: User
) -> HardshipAid:
    """Write down aid; the same `request_id` writes once.

    Raises HardshipCase.DoesNotExist out of scope, PermissionDenied, RuleError before
    the recognition without an urgent reason, or where a voucher was used already.
    """
    case = locked(case_id, actor, None)
    require(actor, case, Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP)
    if request_id is not None:
        earlier = HardshipAid.objects.filter(case=case, request_id=request_id).first()
        if earlier is not None:
            return earlier
    rules.check_amount(gift.amount)
    rules.check_aid(
        case.state,
        given_on=gift.given_on,
        recognized_on=case.recognized_on,
        applied_on=case.applied_on,
        urgent_reason=gift.urgent_reason,
        today=timezone.localdate(),
    )
    return write_aid(case, gift, recorded_by=actor, request_id=request_id, actor=actor)


@transaction.atomic
def withdraw_aid(*, aid_id: int, words: str, actor: User) -> HardshipAid:
    """Take back aid written down by mistake; it stays on record, uncounted."""
    aid = (
        HardshipAid.objects.visible_to(actor)
        .select_related("case__organization", "street")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=aid_id)
    )
    require(actor, aid.case, Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP)
    if aid.withdrawn_at is not None:
        return aid
    if aid.payments.standing().exists():
        raise RuleError(
            "这一笔是从互助金账户支出的，请到互助金的支出里撤回，"
            "帮扶记录随着一起撤回。",
            code="words",
        )
    return take_back(aid, words, actor)


# What payments of mutual aid share with them; rights are asked by the caller ---------


def write_aid(
    case: HardshipCase,
    gift: Gift,
    *,
    recorded_by: User,
    actor: User,
    request_id: UUID | None = None,
) -> HardshipAid:
    """Write down aid of a case that is locked and was checked."""
    aid = HardshipAid(
        case=case,
        street=case.street,
        is_visit=bool(gift.visitors.strip()),
        recorded_by=recorded_by,
        request_id=request_id,
        **vars(gift),
    )
    _insert(aid)
    _tell(aid, actor, AuditAction.AID_RECORDED)
    return aid


def take_back(aid: HardshipAid, words: str, actor: User) -> HardshipAid:
    """Withdraw aid that is locked."""
    aid.withdrawn_words = rules.check_words(words)
    aid.withdrawn_by, aid.withdrawn_at = actor, timezone.now()
    aid.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_words"])
    _tell(aid, actor, AuditAction.AID_WITHDRAWN)
    return aid


def _insert(aid: HardshipAid) -> None:
    aid.full_clean(exclude=["request_id"], validate_constraints=False)
    try:
        with transaction.atomic():
            aid.save(force_insert=True)
    except IntegrityError:
        raise RuleError(
            f"凭证号“{aid.voucher_number}”在本街道已经登记过一笔帮扶，请核对凭证；"
            "一张凭证有几笔的，请在后面加“-1”“-2”。",
            code="voucher_number",
        ) from None


def _tell(aid: HardshipAid, actor: User, action: AuditAction) -> None:
    audit.record(actor=actor, action=action, target=aid)
    contacts_changed.send(
        sender=HardshipAid, member_ids=[aid.case.member_id], since=aid.given_on
    )
    facts_changed.send(
        sender=HardshipCase, organization_ids={aid.street_id}, since=aid.given_on
    )
