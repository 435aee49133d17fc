"""Long work of the members app."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from config.lib.collector import collector_paused
from config.lib.errors import RuleError
from config.lib.xlsx import WorkbookError, read_workbook
from members.choices import RosterState
from members.imports.layout import SheetLayout
from members.imports.lines import Finding
from members.imports.places import Places
from members.imports.result import local_copy, write_marked
from members.imports.rows import save_lines
from members.imports.run import (
    Outcome,
    check_workbook,
    require_branch,
    require_readable,
)
from members.models import RosterBatch, RosterRow
from members.services import dues_bases, roster
from organizations import parameters
from organizations.access import Right, require
from organizations.jobs import JobContext, job_kind
from organizations.models import Job


@job_kind(roster.CHECK_KIND)
@collector_paused()
def check_roster(context: JobContext) -> None:
    """Check every row and say what it would change; nothing is imported."""
    batch = _batch(context)
    try:
        _check(context, batch)
    except (WorkbookError, RuleError) as error:
        message = error.text if isinstance(error, RuleError) else error.message
        RosterBatch.objects.filter(pk=batch.pk, state=RosterState.CHECKING).update(
            state=RosterState.FAILED, problem=message[:500]
        )
        raise RuleError(message, code=error.code) from None


def _check(context: JobContext, batch: RosterBatch) -> None:
    layouts = [SheetLayout.from_json(stored) for stored in batch.layout]
    require_readable(layouts)
    places = Places.load(batch.organization)
    require_branch(layouts, places)
    name = batch.original.original_name
    out = context.new_file(".xlsx")
    with (
        local_copy(batch.original) as path,
        read_workbook(path, original_name=name) as workbook,
    ):
        outcome = check_workbook(
            workbook,
            layouts,
            places,
            kind=batch.affiliation_kind,
            paths=context.requester.member_paths,
            today=timezone.localdate(),
            progress=context.progress,
        )
        write_marked(
            path,
            out,
            original_name=name,
            layouts=layouts,
            entries=[(x.sheet, x.number, x.errors, x.warnings) for x in outcome.lines],
            workbook=workbook,
        )
    _keep(context, batch, outcome)
    counts = outcome.counts()
    context.result(
        f"校验完毕：新增{counts['new']}，变更{counts['changed']}，"
        f"无变化{counts['unchanged']}，有错误{counts['error']}。",
        **counts,
    )
    context.attach(out, roster.marked_name(name))


def _keep(context: JobContext, batch: RosterBatch, outcome: Outcome) -> None:
    percent = parameters.get(roster.ALARM_PERCENT)
    counts: dict[str, Any] = outcome.counts()
    counts["notes"] = [note.message for _sheet, _row, note in outcome.notes]
    with transaction.atomic():
        context.guard()
        held = RosterBatch.objects.select_for_update().get(pk=batch.pk)
        # Checked already: this worker took over from one that died afterwards.
        if held.state not in {RosterState.CHECKING, RosterState.CHECKED}:
            raise RuleError("这份花名册已放弃或已重新提交。", code="roster_state")
        save_lines(batch, outcome.lines)
        held.counts = counts
        held.alarms = outcome.planner.alarms(outcome.lines, percent)
        held.state, held.problem = RosterState.CHECKED, ""
        held.save(update_fields=["counts", "alarms", "state", "problem"])


@job_kind(roster.IMPORT_KIND)
@collector_paused()
def import_roster(context: JobContext) -> None:
    """Write the good rows once, and hand the workbook back with what was refused."""
    batch = _batch(context)
    out = context.new_file(".xlsx")
    name = batch.original.original_name
    # First of all: without the upload there would be nothing to hand back.
    with local_copy(batch.original) as path:
        context.progress(0, 3, "正在写入")
        with transaction.atomic():
            context.guard()
            roster.write_batch(batch_id=batch.pk, actor=context.requester)
        context.progress(2, 3, "正在生成结果")
        batch.refresh_from_db()
        marked = _marked_by_check(context)
        if marked is not None and not batch.counts["refused"]:
            shutil.copyfile(marked, out)  # nothing is to be said that was not said then
        else:
            _mark(batch, path, out)
    context.progress(3, 3)
    done = batch.counts["written"]
    context.result(
        f"导入完毕：新增{done['created']}，更新{done['updated']}，"
        f"有错误{done['errors']}。",
        **done,
    )
    context.attach(out, roster.marked_name(name))


def _marked_by_check(context: JobContext) -> Path | None:
    """Return the workbook that the check has marked, while it is kept."""
    checked = context.parameters.get("checked")
    job = Job.objects.filter(pk=checked).first() if checked else None
    if job is None or not job.file_path:
        return None
    path = Path(settings.EXPORT_ROOT) / job.file_path
    return path if path.is_file() else None


def _mark(batch: RosterBatch, path: Path, out: Path) -> None:
    rows = RosterRow.objects.filter(batch=batch).values_list(
        "sheet", "number", "errors", "warnings"
    )
    write_marked(
        path,
        out,
        original_name=batch.original.original_name,
        layouts=[SheetLayout.from_json(stored) for stored in batch.layout],
        entries=[
            (sheet, number, _findings(errors), _findings(warnings))
            for sheet, number, errors, warnings in rows.exclude(
                errors=[], warnings=[]
            ).iterator()
        ],
    )


def _findings(stored: list[dict[str, Any]]) -> list[Finding]:
    return [Finding.from_json(item) for item in stored]


def _batch(context: JobContext) -> RosterBatch:
    batch = (
        RosterBatch.objects.visible_to(context.requester)
        .select_related("organization", "original")
        .filter(pk=context.parameters["batch"])
        .first()
    )
    if batch is None:
        raise RuleError("没有找到这份花名册，或您已没有权限。", code="roster_missing")
    require(context.requester, Right.IMPORT_MEMBERS, batch.organization)
    return batch


@job_kind(dues_bases.RECKON_KIND)
def reckon_dues(context: JobContext) -> None:
    """Reckon the dues of everybody by rates that have just been changed."""
    if not context.requester.has_right(Right.MANAGE_PARAMETERS):
        raise PermissionDenied("您的岗位没有修改参数的权限，未执行。")
    with context.step(last=True):
        changed = dues_bases.reckon_again()
        context.result(f"已按新的党费标准重新计算，{changed}人的每月应交有变化。")
