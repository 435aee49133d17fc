"""The register's import as long work."""

from __future__ import annotations

from pathlib import Path

from config.lib.errors import RuleError
from config.lib.xlsx.errors import WorkbookError
from organizations import access
from organizations.access import Right
from organizations.imports import import_register
from organizations.jobs import JobContext, job_kind
from organizations.models import StoredFile
from organizations.services.files import require_kept
from organizations.services.registers import IMPORT_KIND

# A job's page shows what went wrong, not a whole workbook of it.
SHOWN_ERRORS = 50


@job_kind(IMPORT_KIND)
def run_import(context: JobContext) -> None:
    """Import the stored register with the rights its requester has now."""
    actor = context.requester
    access.require_right(actor, Right.MANAGE_ORGANIZATIONS)
    stored = StoredFile.objects.get(
        pk=context.parameters["file"], uploaded_by=actor, purpose="register"
    )
    require_kept(stored)
    try:
        outcome = import_register(
            Path(stored.file.path),
            original_name=stored.original_name,
            actor=actor,
            before_write=context.guard,
        )
    except WorkbookError as error:
        raise RuleError(error.message, code=error.code) from error
    message = (
        f"导入完毕：新建 {outcome.created} 个，修改 {outcome.updated} 个，"
        f"无变化 {outcome.unchanged} 个，错误 {len(outcome.errors)} 处。"
    )
    report = outcome.as_dict()
    report["errors"] = report["errors"][:SHOWN_ERRORS]
    report["warnings"] = report["warnings"][:SHOWN_ERRORS]
    context.result(message, **report)
