"""The one door to the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any

from django.db import models

from organizations.choices import AuditAction, AuditResult
from organizations.models import AuditEvent, Organization

# Where the request came from; set by the middleware, empty in jobs and commands.
current_address: ContextVar[str | None] = ContextVar("current_address", default=None)


def record(
    *,
    actor: Any,
    action: AuditAction,
    target: models.Model | None = None,
    organization: Organization | None = None,
    details: dict[str, Any] | None = None,
    result: AuditResult = AuditResult.DONE,
) -> AuditEvent:
    """Add one event, in the caller's transaction.

    `details` holds JSON values and never an ID number, phone or address in clear.
    A target that is or names a person is labelled by its number (`names_a_person`),
    since auditors see no member data.
    `actor` is None for the system itself (beat, a unit's link).
    """
    event = _event(actor, action, target, organization, details, result)
    event.save(force_insert=True)
    return event


def record_many(
    *,
    actor: Any,
    action: AuditAction,
    rows: Iterable[tuple[models.Model, Organization | None, dict[str, Any]]],
) -> None:
    """Add one event for each (target, organization, details), all in one statement."""
    AuditEvent.objects.bulk_create(
        _event(actor, action, target, organization, details, AuditResult.DONE)
        for target, organization, details in rows
    )


def _event(
    actor: Any,
    action: AuditAction,
    target: models.Model | None,
    organization: Organization | None,
    details: dict[str, Any] | None,
    result: AuditResult,
) -> AuditEvent:
    return AuditEvent(
        actor=actor if getattr(actor, "pk", None) else None,
        actor_label=str(actor) if getattr(actor, "pk", None) else "系统",
        action=action,
        result=result,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_label=_label(target) if target is not None else "",
        organization=organization,
        details=details or {},
        address=current_address.get(),
    )


def _label(target: models.Model) -> str:
    if getattr(target, "names_a_person", False):
        return f"{target._meta.verbose_name} {target.pk}"
    return str(target)[:200]
