"""The roster wizard: upload, columns, preview, result."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.lib.errors import RuleError
from config.lib.htmx import wants_fragment
from config.lib.paging import page_by_key
from members.choices import RosterState, RowVerdict
from members.forms.roster import MappingForm, UploadForm
from members.imports.layout import SheetLayout
from members.imports.show import shown_rows
from members.models import RosterBatch
from members.services import roster as services
from members.services.roster_purge import PREVIEW_HOURS
from members.services.roster_undo import is_undoable, undo_roster
from organizations import audit, parameters
from organizations.access import Right
from organizations.choices import AuditAction

RECENT = 10
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HOME = ("导入花名册", "members:roster-upload")
# The page that goes on with a batch in each state.
_NEXT = {
    RosterState.UPLOADED: "members:roster-mapping",
    RosterState.MAPPING: "members:roster-mapping",
    RosterState.CHECKING: "members:roster-preview",
    RosterState.CHECKED: "members:roster-preview",
    RosterState.FAILED: "members:roster-preview",
    RosterState.EXPIRED: "members:roster-preview",
    RosterState.IMPORTING: "members:roster-result",
    RosterState.IMPORTED: "members:roster-result",
    RosterState.UNDONE: "members:roster-result",
}
_STEPS = ("上传文件", "核对各列", "预览", "导入结果")


def _batches(request: HttpRequest) -> Any:
    """Return the user's batches. Raises PermissionDenied without the right."""
    if not request.user.has_right(Right.IMPORT_MEMBERS):
        raise PermissionDenied("您的岗位不能导入花名册，请联系街道工作人员。")
    return RosterBatch.objects.visible_to(request.user).select_related(
        "organization", "original", "job", "uploaded_by"
    )


def _batch(request: HttpRequest, pk: UUID) -> RosterBatch:
    return get_object_or_404(_batches(request), pk=pk)


def _context(batch: RosterBatch | None, step: int, **extra: Any) -> dict[str, Any]:
    label, name = _HOME
    return {
        "batch": batch,
        "steps": [
            {"label": text, "is_done": number < step, "is_current": number == step}
            for number, text in enumerate(_STEPS)
        ],
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (label, reverse(name) if step else ""),
            *([(_STEPS[step], "")] if step else []),
        ],
        **extra,
    }


@require_http_methods(["GET", "POST"])
def roster_upload(request: HttpRequest) -> HttpResponse:
    batches = _batches(request)
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.upload_roster(
                organization_id=form.cleaned_data["organization"].pk,
                kind=form.cleaned_data["kind"],
                upload=form.cleaned_data["file"],
                actor=request.user,
            )
        except RuleError as error:
            form.add_error("file", error)
        else:
            return redirect("members:roster-mapping", batch.pk)
    recent = [
        {
            "batch": batch,
            "url": reverse(_NEXT[batch.state], args=[batch.pk])
            if batch.state in _NEXT
            else "",
        }
        for batch in batches.order_by("-uploaded_at")[:RECENT]
    ]
    context = _context(None, 0, form=form, recent=recent)
    status = 422 if form.is_bound else 200
    return render(request, "members/roster_upload.html", context, status=status)


@require_http_methods(["GET", "POST"])
def roster_mapping(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.state in {
        RosterState.IMPORTING,
        RosterState.IMPORTED,
        RosterState.UNDONE,
        RosterState.CANCELLED,
    }:
        if batch.state in _NEXT:
            return redirect(_NEXT[batch.state], batch.pk)
        return redirect(_HOME[1])
    layouts = [SheetLayout.from_json(stored) for stored in batch.layout]
    form = MappingForm(request.POST or None, layouts=layouts)
    if request.method == "POST" and form.is_valid():
        try:
            if "recognize" in request.POST:
                services.find_headings(
                    batch_id=pk, headings=form.headings(), actor=request.user
                )
                return redirect("members:roster-mapping", pk)
            services.map_columns(
                batch_id=pk, choices=form.choices(), actor=request.user
            )
        except RuleError as error:
            form.add_error(None, error)
        else:
            return redirect("members:roster-preview", pk)
    context = _context(batch, 1, form=form, sheets=form.sheets())
    status = 422 if form.is_bound else 200
    return render(request, "members/roster_mapping.html", context, status=status)


@require_GET
def roster_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.state == RosterState.MAPPING:
        return redirect("members:roster-mapping", pk)
    if batch.state == RosterState.CANCELLED:
        return redirect(_HOME[1])
    if batch.state == RosterState.EXPIRED:
        hours = parameters.get(PREVIEW_HOURS)
        context = _context(batch, 2, preview_hours=hours)
        return render(request, "members/roster_expired.html", context)
    # Checked while the job still writes the marked workbook: wait for that too.
    if batch.state in {RosterState.CHECKING, RosterState.FAILED} or (
        batch.state == RosterState.CHECKED and _is_running(batch)
    ):
        return _waiting(request, batch, 2)
    if batch.state != RosterState.CHECKED:
        return redirect("members:roster-result", pk)
    if wants_fragment(request) and "verdict" not in request.GET:
        return _reload()
    days = parameters.get(services.UNDO_DAYS)
    context = _context(batch, 2, undo_days=days, **_rows_page(request, batch))
    context["preview_hours"] = parameters.get(PREVIEW_HOURS)
    context["can_confirm"] = any(batch.counts[k] for k in ("new", "changed", "street"))
    return render(request, "members/roster_preview.html", context)


@require_POST
def roster_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    _batch(request, pk)
    try:
        services.confirm_roster(batch_id=pk, actor=request.user)
    except RuleError as error:
        messages.error(request, error.text)
        return redirect("members:roster-preview", pk)
    return redirect("members:roster-result", pk)


@require_POST
def roster_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    _batch(request, pk)
    try:
        services.cancel_roster(batch_id=pk, actor=request.user)
    except RuleError as error:
        messages.error(request, error.text)
        return redirect("members:roster-result", pk)
    messages.success(request, "已放弃这份花名册，没有写入任何数据。")
    return redirect(_HOME[1])


@require_GET
def roster_result(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = _batch(request, pk)
    if batch.state == RosterState.IMPORTING or (
        batch.state == RosterState.IMPORTED and _is_running(batch)
    ):
        return _waiting(request, batch, 3)
    if batch.state not in {RosterState.IMPORTED, RosterState.UNDONE}:
        return redirect("members:roster-preview", pk)
    if wants_fragment(request) and "verdict" not in request.GET:
        return _reload()
    context = _context(
        batch,
        3,
        is_undoable=is_undoable(batch),
        undo_days=parameters.get(services.UNDO_DAYS),
        has_file=bool(batch.job and batch.job.file_path),
        **_rows_page(request, batch),
    )
    return render(request, "members/roster_result.html", context)


@require_GET
def roster_file(request: HttpRequest, pk: UUID) -> FileResponse:
    """Hand back the user's own workbook with what is wrong marked in it."""
    batch = _batch(request, pk)
    job = batch.job
    path = Path(settings.EXPORT_ROOT) / job.file_path if job and job.file_path else None
    if path is None or not path.is_file():
        raise Http404
    audit.record(
        actor=request.user,
        action=AuditAction.DOWNLOADED,
        target=batch,
        organization=batch.organization,
        details={"sha256": job.file_sha256},
    )
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=services.marked_name(batch.original.original_name),
        content_type=_XLSX,
    )


@require_http_methods(["GET", "POST"])
def roster_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = _batch(request, pk)
    if request.method == "POST":
        try:
            batch = undo_roster(batch_id=pk, actor=request.user)
        except RuleError as error:
            messages.error(request, error.text)
        else:
            done = batch.counts["undone"]
            messages.success(
                request, f"已撤销 {done['undone']} 行，保留现状 {done['kept']} 行。"
            )
        return redirect("members:roster-result", pk)
    if not is_undoable(batch):
        return redirect("members:roster-result", pk)
    context = {
        "title": "撤销这次导入",
        "question": f"要撤销导入到“{batch.organization}”的这份花名册吗？",
        "consequences": [
            "新增的党员将退出支部（原因：登记有误），档案保留，再次导入时会接着使用。",
            "变更的内容恢复为导入之前的值。",
            "导入之后又有改动或新记录的人保持现状，并逐行列出。",
        ],
        "confirm_label": "撤销导入",
        "cancel_url": reverse("members:roster-result", args=[pk]),
        "is_danger": True,
        "cancel_label": "不撤销，返回",
        "breadcrumbs": [
            ("党员名册", reverse("members:list")),
            (_HOME[0], reverse(_HOME[1])),
            ("撤销导入", ""),
        ],
    }
    return render(request, "confirm.html", context)


def _is_running(batch: RosterBatch) -> bool:
    return bool(batch.job and batch.job.is_open)


def _waiting(request: HttpRequest, batch: RosterBatch, step: int) -> HttpResponse:
    """Show how far the job is; the fragment asks again every second."""
    context = _context(batch, step)
    context["is_running"] = _is_running(batch)
    context["is_import"] = step == 3
    context["poll_url"] = request.path
    if wants_fragment(request):
        return render(request, "members/_roster_progress.html", context)
    return render(request, "members/roster_waiting.html", context)


def _reload() -> HttpResponse:
    """Answer a waiting fragment whose job has ended: load the whole page."""
    return HttpResponse(headers={"HX-Refresh": "true"})


def _rows_page(request: HttpRequest, batch: RosterBatch) -> dict[str, Any]:
    """Return one page of rows by key, the tabs, and the ways on and back."""
    counts = batch.counts
    tabs = [
        ("error", "有错误", RowVerdict.ERROR),
        ("changed", "变更", RowVerdict.CHANGED),
        ("new", "新增", RowVerdict.NEW),
        ("warnings", "有提醒", None),
        ("unchanged", "无变化", RowVerdict.UNCHANGED),
    ]
    wanted = request.GET.get("verdict", "")
    if wanted not in {key for key, _label, _verdict in tabs}:
        wanted = next((key for key, _l, _v in tabs if counts.get(key)), "error")
    rows = batch.rows.all()
    verdict = next(v for key, _label, v in tabs if key == wanted)
    rows = rows.filter(verdict=verdict) if verdict else rows.exclude(warnings=[])
    params = request.GET.copy()
    params["verdict"] = wanted
    page = page_by_key(rows, params)
    return {
        "rows": shown_rows(page.rows),
        "tabs": [
            {
                "label": label,
                "url": f"{request.path}?verdict={key}",
                "is_current": key == wanted,
                "count": counts.get(key, 0),
            }
            for key, label, _verdict in tabs
        ],
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
