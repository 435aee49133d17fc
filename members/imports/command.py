"""A whole file in one step, for the command line and for benchmarks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.lib.collector import collector_paused
from config.lib.errors import RuleError
from config.lib.xlsx import read_workbook
from members.choices import AffiliationKind, RowVerdict
from members.imports.lines import Finding
from members.imports.places import Places
from members.imports.run import (
    Outcome,
    check_workbook,
    recognize_all,
    require_branch,
)
from members.imports.write import Writer
from organizations import audit
from organizations.choices import AuditAction
from organizations.models import Organization


@dataclass(slots=True)
class Report:
    """What an import did, as the command prints it."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "errors": self.errors,
            "warnings": self.warnings,
        }


@collector_paused()
def import_file(
    path: Path,
    *,
    original_name: str = "",
    organization: Organization | None = None,
    is_strict: bool = False,
    is_dry_run: bool = False,
) -> Report:
    """Import the good rows of a roster as the system; the whole tree is in scope.

    With `is_strict` nothing is written when a row is in error. Raises WorkbookError
    or RuleError with a Chinese sentence when the file cannot be used.
    """
    with read_workbook(path, original_name=original_name or path.name) as workbook:
        layouts = recognize_all(workbook)
        places = Places.load(organization)
        require_branch(layouts, places)
        today = timezone.localdate()
        with transaction.atomic():
            outcome = check_workbook(
                workbook, layouts, places, today=today, lock=not is_dry_run
            )
            has_errors = any(not line.is_good for line in outcome.lines)
            if not is_dry_run and not (is_strict and has_errors):
                writer = Writer(AffiliationKind.ON_ROLL, None, today)
                _write(outcome, writer)
                _record(outcome, writer, organization, path)
    report = _report(outcome)
    if is_strict and report.errors:
        # The counts say what happened, and nothing did.
        report.created = report.updated = 0
    return report


def _write(outcome: Outcome, writer: Writer) -> None:
    try:
        writer.write(outcome.lines, held=outcome.planner.held)
    except IntegrityError as error:
        if "unique" not in str(error).lower():
            raise
        # Known persons are locked; a new one somebody else may have entered by now.
        raise RuleError(
            "导入期间有人登记了表中的同一名党员，为避免重复，没有写入任何数据。"
            "请重新运行导入。",
            code="changed_meanwhile",
        ) from None


def _record(
    outcome: Outcome, writer: Writer, organization: Organization | None, path: Path
) -> None:
    counts = outcome.counts()
    if not counts[RowVerdict.NEW] and not counts[RowVerdict.CHANGED]:
        return  # a roster that changes nothing writes nothing
    audit.record(
        actor=None,
        action=AuditAction.ROSTER_IMPORTED,
        organization=organization,
        details={
            "counts": counts,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "units_created": writer.units_created,
        },
    )


def _report(outcome: Outcome) -> Report:
    counts = outcome.counts()
    report = Report(
        created=counts[RowVerdict.NEW],
        updated=counts[RowVerdict.CHANGED],
        unchanged=counts[RowVerdict.UNCHANGED],
    )
    for sheet, number, note in outcome.notes:
        report.warnings.append(_entry(sheet, number, note))
    for line in outcome.lines:
        report.errors += [_entry(line.sheet, line.number, e) for e in line.errors]
        report.warnings += [_entry(line.sheet, line.number, w) for w in line.warnings]
    return report


def _entry(sheet: str, number: int, finding: Finding) -> dict[str, Any]:
    return {
        "sheet": sheet,
        "row": number,
        "column": finding.column,
        "code": finding.code,
        "message": finding.message,
    }
