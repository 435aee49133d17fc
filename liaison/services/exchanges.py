"""What goes to and fro between a street and its authorities, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.versions import check_version
from liaison.models import Authority, Exchange
from liaison.rules import authorities as rules
from liaison.services.authorities import locked_authority, tell
from organizations.choices import FilePurpose
from organizations.models import StoredFile, User, WorkUnit
from organizations.services.files import DOCUMENTS, XLS, XLSX, store_upload

FILE_MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class ExchangeFacts:
    """What went out or came in; answered by `due_on` where an answer is asked for."""

    held_on: date
    direction: str
    matter: str
    words: str = ""
    due_on: date | None = None


@transaction.atomic
def record_exchange(
    *,
    authority_id: int,
    facts: ExchangeFacts,
    unit_ids: Sequence[int] = (),
    upload: Any = None,
    actor: User,
    request_id: UUID | None = None,
) -> Exchange:
    """Record a list or notice, with its file and the units it names.

    A repeated `request_id` returns the row of the first time. Raises
    Authority.DoesNotExist, WorkUnit.DoesNotExist, RuleError.
    """
    authority = locked_authority(authority_id, actor)
    if request_id is not None:
        earlier = authority.exchanges.filter(request_id=request_id).first()
        if earlier is not None:
            return earlier
    rules.check_exchange(
        held_on=facts.held_on, due_on=facts.due_on, today=timezone.localdate()
    )
    rules.check_units(len(set(unit_ids)))
    units = list(WorkUnit.objects.visible_to(actor).filter(pk__in=unit_ids))
    if len(units) != len(set(unit_ids)):
        raise WorkUnit.DoesNotExist
    exchange = Exchange(
        authority=authority,
        held_on=facts.held_on,
        direction=facts.direction,
        matter=facts.matter.strip(),
        words=facts.words.strip(),
        due_on=facts.due_on,
        recorded_by=actor,
        request_id=request_id,
    )
    exchange.clean_fields(exclude=["authority", "file", "answer_file", "recorded_by"])
    if upload:
        exchange.file = _stored(upload, authority, actor)
    exchange.save(force_insert=True)
    exchange.units.set(units)
    tell(authority, "exchanged", actor, since=exchange.held_on)
    return exchange


@transaction.atomic
def answer_exchange(
    *,
    exchange_id: int,
    answered_on: date,
    words: str,
    left_open: str = "",
    upload: Any = None,
    version: int | None = None,
    actor: User,
) -> Exchange:
    """Record what came back, or went back, and what of it is still open.

    It may be recorded again: a file that comes later takes the place of the first,
    and what was open is settled by leaving `left_open` empty. Raises
    Exchange.DoesNotExist, StaleError, RuleError.
    """
    exchange = _locked_exchange(exchange_id, actor)
    check_version(exchange, version)
    rules.check_answer(
        answered_on, held_on=exchange.held_on, today=timezone.localdate()
    )
    if not words.strip():
        raise RuleError("请写明答复了什么。", code="words")
    first = min(exchange.answered_on or answered_on, answered_on)
    exchange.answered_on, exchange.answer_words = answered_on, words.strip()
    exchange.left_open = left_open.strip()
    if upload:
        exchange.answer_file = _stored(upload, exchange.authority, actor)
    _save(exchange)
    tell(exchange.authority, "answered", actor, since=first)
    return exchange


@transaction.atomic
def withdraw_exchange(
    *, exchange_id: int, reason: str, version: int | None = None, actor: User
) -> Exchange:
    """Take back what was recorded by mistake; it stays on record and counts no more."""
    exchange = _locked_exchange(exchange_id, actor)
    check_version(exchange, version)
    if not reason.strip():
        raise RuleError("请写明撤回的原因。", code="reason")
    exchange.withdrawn_at = timezone.now()
    exchange.withdrawn_reason = reason.strip()
    _save(exchange)
    tell(exchange.authority, "withdrawn", actor, since=exchange.held_on)
    return exchange


def _locked_exchange(exchange_id: int, actor: User) -> Exchange:
    seen = Exchange.objects.visible_to(actor)
    # An answer may come after contact has stopped: what was asked is still asked.
    authority = locked_authority(
        seen.get(pk=exchange_id).authority_id, actor, may_be_retired=True
    )
    exchange = seen.get(pk=exchange_id)
    exchange.authority = authority
    if exchange.withdrawn_at is not None:
        raise RuleError("这件往来已经撤回。", code="withdrawn")
    return exchange


def _stored(upload: Any, authority: Authority, actor: User) -> StoredFile:
    return store_upload(
        upload=upload,
        purpose=FilePurpose.EXCHANGE,
        organization=authority.organization,
        actor=actor,
        # Not CSV: any text would pass for it.
        allowed_types=DOCUMENTS | {XLS, XLSX},
        max_bytes=FILE_MAX_BYTES,
    )


def _save(exchange: Exchange) -> None:
    exchange.clean_fields(
        exclude=["authority", "file", "answer_file", "recorded_by", "request_id"]
    )
    exchange.version += 1
    exchange.save()
