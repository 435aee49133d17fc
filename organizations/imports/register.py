"""Importing an organization register: the one way for command, page and admin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from config.lib.xlsx.reader import read_workbook
from organizations import audit
from organizations.choices import AuditAction
from organizations.imports.plan import (
    CREATE,
    ERROR,
    UNCHANGED,
    UPDATE,
    Plan,
    PlannedRow,
    is_moved,
    plan_register,
)
from organizations.imports.reading import Finding, name_key, read_rows
from organizations.models import Organization
from organizations.services import tree
from organizations.services.structure import (
    create_organization,
    move_organization,
    update_organization,
)

if TYPE_CHECKING:
    from organizations.services.structure import Actor

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do."""

    created: int
    updated: int
    unchanged: int
    errors: list[Finding]
    warnings: list[Finding]
    rows: list[PlannedRow]

    def as_dict(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "errors": [error.as_dict() for error in self.errors],
            "warnings": [warning.as_dict() for warning in self.warnings],
        }


def preview_register(path: Path, *, original_name: str, actor: Actor) -> Outcome:
    """Say row by row what an import would do. Raises WorkbookError, RuleError."""
    with read_workbook(path, original_name=original_name) as workbook:
        rows = read_rows(workbook)
    return _outcome(plan_register(rows, actor))


def import_register(
    path: Path,
    *,
    original_name: str,
    actor: Actor,
    progress: Progress | None = None,
    before_write: Callable[[], None] | None = None,
) -> Outcome:
    """Write every good row in one transaction; rows in error stay out.

    `before_write` is a job's guard. Raises WorkbookError, RuleError for a file that
    cannot be used.
    """
    with read_workbook(path, original_name=original_name) as workbook:
        rows = read_rows(workbook)
    with transaction.atomic():
        if before_write is not None:
            before_write()
        tree.lock_tree()
        plan = plan_register(rows, actor)
        _write(plan, actor, progress)
        outcome = _outcome(plan)
        _record(outcome, actor)
    return outcome


def _write(plan: Plan, actor: Actor, progress: Progress | None) -> None:
    ids = {
        name_key(name): pk
        for pk, name in Organization.objects.values_list("pk", "name")
    }
    ordered = plan.in_order()
    for done, planned in enumerate(ordered, start=1):
        try:
            with transaction.atomic():
                organization = _write_row(planned, ids, actor)
        except (ValidationError, PermissionDenied) as error:
            # The plan foresees what it can; what the services refuse beyond that
            # belongs to the row as well, never to the whole file.
            _refuse(planned, error)
        else:
            ids[planned.row.key] = organization.pk
        if progress is not None:
            progress(done, len(ordered))


def _write_row(planned: PlannedRow, ids: dict[str, int], actor: Actor) -> Organization:
    values = {k: v for k, v in planned.row.values.items() if k != "parent"}
    parent_id = ids.get(planned.parent_key)
    if planned.action == CREATE:
        if planned.parent_key and parent_id is None:
            raise ValidationError("上级党组织没有导入成功，请先改正那一行。")
        return create_organization(parent_id=parent_id, actor=actor, **values)
    existing = planned.existing
    if is_moved(planned):
        move_organization(
            organization_id=existing.pk, new_parent_id=parent_id, actor=actor
        )
    values.pop("name")
    return update_organization(
        organization_id=existing.pk, version=None, actor=actor, **values
    )


def _refuse(planned: PlannedRow, error: Exception) -> None:
    messages = getattr(error, "messages", None) or [str(error)]
    code = getattr(error, "code", None) or "refused"
    planned.action = ERROR
    planned.row.refuse("name", code, " ".join(messages))


def _outcome(plan: Plan) -> Outcome:
    return Outcome(
        created=plan.count(CREATE),
        updated=plan.count(UPDATE),
        unchanged=plan.count(UNCHANGED),
        errors=plan.errors,
        warnings=plan.warnings,
        rows=plan.rows,
    )


def _record(outcome: Outcome, actor: Actor) -> None:
    audit.record(
        actor=actor,
        action=AuditAction.ORGANIZATIONS_IMPORTED,
        details={
            "created": outcome.created,
            "updated": outcome.updated,
            "unchanged": outcome.unchanged,
            "errors": len(outcome.errors),
        },
    )
