"""A roster on its way in: upload, columns, check, confirm, write."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePath
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from config.lib.errors import RuleError
from config.lib.xlsx import WorkbookError, read_workbook
from config.lib.xlsx.sandbox import current_limits
from members.choices import RosterState, RowVerdict
from members.imports import store
from members.imports.layout import FIELDS, SheetLayout, recognize
from members.imports.lines import Finding, Line
from members.imports.places import Places
from members.imports.result import local_copy
from members.imports.rows import keep_outcome, load_lines
from members.imports.run import require_branch, require_readable
from members.imports.write import Writer
from members.models import ColumnMapping, RosterBatch, RosterRow
from members.services.claims import queue_claim
from organizations import audit
from organizations.access import Right, require
from organizations.choices import AuditAction, FilePurpose
from organizations.models import Job, Organization, StoredFile, User
from organizations.services.jobs import request_job

CHECK_KIND = "members.roster_check"
IMPORT_KIND = "members.roster_import"
ALARM_PERCENT = "members.import_alarm_percent"
UNDO_DAYS = "members.import_undo_days"
UPLOAD_SECONDS = 20  # a person waits for the upload; the job has longer

_MOVED = Finding(
    "organization_moved", "预览之后这个党支部有调整，未写入，请重新上传核对。"
)


def marked_name(original_name: str) -> str:
    """Name the workbook that is handed back."""
    return f"{PurePath(original_name).stem[:100]}-校验结果.xlsx"


def upload_roster(
    *, organization_id: int, kind: str, upload: UploadedFile, actor: User
) -> RosterBatch:
    """Keep an upload and recognize its sheets.

    Raises Organization.DoesNotExist out of scope, RuleError with a Chinese sentence
    when the file cannot be used; then nothing is kept.
    """
    organization = (
        Organization.objects.with_right(actor, Right.IMPORT_MEMBERS)
        .open()
        .get(pk=organization_id)
    )
    name = PurePath(upload.name or "").name[:255]
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(suffix=".upload") as copy:
        for chunk in upload.chunks():
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        layouts = _recognized(Path(copy.name), name)
    for layout in layouts:
        _remembered(layout)
    with transaction.atomic():
        upload.seek(0)
        original = StoredFile.objects.create(
            file=upload,
            original_name=name,
            content_type=(upload.content_type or "")[:100],
            size=upload.size or 0,
            sha256=digest.hexdigest(),
            purpose=FilePurpose.ROSTER,
            organization=organization,
            uploaded_by=actor,
        )
        batch = RosterBatch.objects.create(
            organization=organization,
            affiliation_kind=kind,
            original=original,
            uploaded_by=actor,
            state=RosterState.MAPPING,
            layout=[layout.as_json() for layout in layouts],
        )
        audit.record(
            actor=actor,
            action=AuditAction.ROSTER_UPLOADED,
            target=batch,
            organization=organization,
            details={"sha256": original.sha256, "size": original.size},
        )
    return batch


def _recognized(
    path: Path, name: str, headings: Mapping[str, int] | None = None
) -> list[SheetLayout]:
    """Read a file's sheets; a WorkbookError becomes a RuleError."""
    limits = current_limits()
    seconds = min(limits.seconds, UPLOAD_SECONDS)
    limits = limits._replace(seconds=seconds, seconds_large=seconds)
    try:
        with read_workbook(path, original_name=name, limits=limits) as workbook:
            return [
                recognize(sheet, (headings or {}).get(sheet.name))
                for sheet in workbook.sheets
            ]
    except WorkbookError as error:
        raise RuleError(error.message, code=error.code) from None


def _remembered(layout: SheetLayout) -> None:
    """Map the columns as somebody confirmed them for the same headings."""
    if not layout.heading:
        return
    known = ColumnMapping.objects.filter(signature=layout.signature).first()
    if known is not None:
        layout.columns = {
            int(place): key for place, key in known.columns.items() if key in FIELDS
        }
        layout.skipped = layout.hidden or bool(layout.missing)


def find_headings(
    *, batch_id: UUID, headings: Mapping[str, int], actor: User
) -> RosterBatch:
    """Recognize the sheets again, with the rows of headings that the user names."""
    batch = _batch(batch_id, actor)
    _require_state(
        batch,
        RosterState.MAPPING,
        RosterState.CHECKED,
        RosterState.FAILED,
        RosterState.EXPIRED,
    )
    with local_copy(batch.original) as path:
        layouts = _recognized(path, batch.original.original_name, headings)
    with transaction.atomic():
        held = _held(batch_id, actor)
        held.layout = [layout.as_json() for layout in layouts]
        held.state = RosterState.MAPPING
        held.save(update_fields=["layout", "state"])
    return held


@transaction.atomic
def map_columns(
    *, batch_id: UUID, choices: Mapping[str, Mapping[int, str] | None], actor: User
) -> RosterBatch:
    """Take the user's columns by sheet (None: leave it out) and start the check.

    The mapping is remembered for the same row of headings. Raises RuleError when
    nothing could be imported so.
    """
    batch = _held(batch_id, actor)
    _require_state(
        batch,
        RosterState.MAPPING,
        RosterState.CHECKING,
        RosterState.CHECKED,
        RosterState.FAILED,
        RosterState.EXPIRED,
    )
    if batch.state == RosterState.CHECKING and batch.job and batch.job.is_open:
        raise RuleError("正在校验，请等它完成或先取消任务。", code="roster_state")
    layouts = [SheetLayout.from_json(stored) for stored in batch.layout]
    for layout in layouts:
        columns = choices.get(layout.name)
        layout.skipped = columns is None
        if columns is not None:
            layout.columns = dict(columns)
            _require_columns(layout)
    require_readable(layouts)
    require_branch(layouts, Places.load(batch.organization))
    for layout in layouts:
        if layout.is_read:
            _remember(layout, actor)
    batch.layout = [layout.as_json() for layout in layouts]
    batch.state, batch.problem = RosterState.CHECKING, ""
    batch.job = _request(batch, CHECK_KIND, "校验花名册", actor)
    batch.save(update_fields=["layout", "state", "problem", "job"])
    return batch


def _require_columns(layout: SheetLayout) -> None:
    if not layout.heading:
        text = f"工作表“{layout.name}”没有认出表头，请填写表头所在的行或不导入它。"
        raise RuleError(text, code="no_heading")
    if layout.missing:
        missing = "、".join(layout.missing)
        text = f"工作表“{layout.name}”还没有指定这些列：{missing}。请指定或不导入它。"
        raise RuleError(text, code="columns_missing")
    doubled = [k for k, n in Counter(layout.columns.values()).items() if n > 1]
    if doubled:
        labels = "、".join(FIELDS[key].label for key in doubled)
        text = f"工作表“{layout.name}”有几列都指定为“{labels}”，请各保留一列。"
        raise RuleError(text, code="columns_twice")


def _remember(layout: SheetLayout, actor: User) -> None:
    ColumnMapping.objects.update_or_create(
        signature=layout.signature,
        defaults={
            "columns": {str(place): key for place, key in layout.columns.items()},
            "remembered_by": actor,
        },
    )


def _request(
    batch: RosterBatch, kind: str, title: str, actor: User, **parameters: str
) -> Job:
    return request_job(
        kind=kind,
        title=f"{title}：{batch.organization}",
        actor=actor,
        parameters={"batch": str(batch.pk)} | parameters,
        key=f"{kind}:{batch.pk}",
    )


@transaction.atomic
def confirm_roster(*, batch_id: UUID, actor: User) -> RosterBatch:
    """Have the good rows written; asked twice, it is done once.

    Raises RuleError when there is nothing to write or the check is not done.
    """
    batch = _held(batch_id, actor)
    if batch.state == RosterState.IMPORTED:
        return batch
    if batch.state == RosterState.IMPORTING and batch.job and batch.job.is_open:
        return batch
    _require_state(batch, RosterState.CHECKED, RosterState.IMPORTING)
    counts = batch.counts
    if not counts["new"] and not counts["changed"] and not counts["street"]:
        raise RuleError("没有可以写入的行，请改正错误后重新上传。", code="nothing")
    batch.state = RosterState.IMPORTING
    checked = _check_of(batch.job)
    batch.job = _request(batch, IMPORT_KIND, "导入花名册", actor, checked=checked)
    batch.save(update_fields=["state", "job"])
    return batch


def _check_of(job: Job | None) -> str:
    """Return the id of the check behind a check or an import, '' where it is gone."""
    if job is None:
        return ""
    return str(job.pk) if job.kind == CHECK_KIND else job.parameters.get("checked", "")


@transaction.atomic
def cancel_roster(*, batch_id: UUID, actor: User) -> RosterBatch:
    """Give a roster up before it is written; its planned rows are removed."""
    batch = _held(batch_id, actor)
    if batch.state == RosterState.CANCELLED:
        return batch
    _require_state(
        batch,
        RosterState.UPLOADED,
        RosterState.MAPPING,
        RosterState.CHECKING,
        RosterState.CHECKED,
        RosterState.FAILED,
        RosterState.EXPIRED,
    )
    batch.state = RosterState.CANCELLED
    batch.save(update_fields=["state"])
    RosterRow.objects.filter(batch=batch).delete()
    return batch


def write_batch(*, batch_id: UUID, actor: User) -> None:
    """Write the good rows of a confirmed batch, once. Call inside a transaction.

    A row whose person or branch has changed since the preview is refused.
    """
    batch = RosterBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != RosterState.IMPORTING:
        return
    require(actor, Right.IMPORT_MEMBERS, batch.organization)
    lines, ids = load_lines(batch)
    branches = Places.load(batch.organization).branches
    for line in lines:
        if line.is_good and line.organization_id not in branches:
            line.refuse(_MOVED)
    today = timezone.localdate()
    writer = Writer(batch.affiliation_kind, actor.pk, today)
    writer.write([line for line in lines if line.is_good])
    claims = _queue_claims(batch, [x for x in lines if x.needs_street], actor)
    keep_outcome([line for line in lines if not line.needs_street], ids)
    written = Counter(line.verdict for line in lines if line.is_good)
    verdicts = batch.rows.values_list("verdict", flat=True)
    batch.counts |= {str(v): 0 for v in RowVerdict} | Counter(verdicts)
    batch.counts["written"] = {
        "created": written[RowVerdict.NEW],
        "updated": written[RowVerdict.CHANGED],
        "errors": batch.counts[RowVerdict.ERROR],
    }
    refused = [x for x in lines if not x.is_good and not x.needs_street]
    batch.counts["refused"] = len(refused)
    batch.state, batch.imported_at = RosterState.IMPORTED, timezone.now()
    batch.save(update_fields=["counts", "state", "imported_at"])
    audit.record(
        actor=actor,
        action=AuditAction.ROSTER_IMPORTED,
        target=batch,
        organization=batch.organization,
        details=batch.counts["written"]
        | {"claims": claims, "units_created": writer.units_created},
    )


def _queue_claims(batch: RosterBatch, lines: list[Line], actor: User) -> int:
    """Pass persons known elsewhere on to the street's staff."""
    known = {
        row["id_index"]: row["id"]
        for row in store.members_by("id_index", (line.id_index for line in lines))
    }
    for line in lines:
        if line.id_index in known and line.organization_id is not None:
            queue_claim(
                member_id=known[line.id_index],
                organization_id=line.organization_id,
                kind=batch.affiliation_kind,
                source="花名册导入",
                actor=actor,
            )
    return len(lines)


def _batch(batch_id: UUID, actor: User) -> RosterBatch:
    return (
        RosterBatch.objects.visible_to(actor)
        .select_related("organization", "original")
        .get(pk=batch_id)
    )


def _held(batch_id: UUID, actor: User) -> RosterBatch:
    """Return the batch, locked. Raises RosterBatch.DoesNotExist out of scope."""
    return (
        RosterBatch.objects.visible_to(actor)
        .select_for_update(of=("self",))
        .select_related("organization", "original", "job")
        .get(pk=batch_id)
    )


def _require_state(batch: RosterBatch, *states: str) -> None:
    if batch.state not in states:
        label = RosterState(batch.state).label
        raise RuleError(
            f"这份花名册的状态是“{label}”，不能这样办理，请刷新页面。",
            code="roster_state",
        )
