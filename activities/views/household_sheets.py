"""A community's ledger: template, upload, preview row by row, confirm."""

from __future__ import annotations

import io
from itertools import islice
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from activities.forms.households import LedgerForm
from activities.services.household_sheets import (
    TEMPLATE_NAME,
    Preview,
    own_ledger,
    preview_ledger,
    take_ledger,
    taken,
    template,
    upload_ledger,
)
from activities.views.households import crumbs, require_right
from organizations.access import Right
from organizations.models import StoredFile
from organizations.services.files import XLSX

TITLE = "导入台账"
SHOWN_ROWS = 300


@require_GET
def ledger_template(request: HttpRequest) -> FileResponse:
    require_right(request, Right.KEEP_HOUSEHOLDS)
    return FileResponse(
        io.BytesIO(template()),
        as_attachment=True,
        filename=TEMPLATE_NAME,
        content_type=XLSX,
    )


@require_http_methods(["GET", "POST"])
def ledger_upload(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.KEEP_HOUSEHOLDS)
    form = LedgerForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            stored = upload_ledger(
                community_id=form.cleaned_data["community"].pk,
                upload=form.cleaned_data["file"],
                actor=request.user,
            )
            preview_ledger(stored, request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("activities:ledger-preview", stored.pk)
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(TITLE),
        "form": form,
        "cancel_url": reverse("activities:household-list"),
    }
    status = 422 if form.errors else 200
    return render(request, "activities/ledger_upload.html", context, status=status)


@require_http_methods(["GET", "POST"])
def ledger_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET says what each row is; POST writes all of them or none."""
    require_right(request, Right.KEEP_HOUSEHOLDS)
    problem, preview = "", Preview([], 0)
    try:
        stored = own_ledger(pk, request.user)
    except StoredFile.DoesNotExist as error:
        raise Http404 from error
    try:
        if request.method == "POST":
            counts = take_ledger(file_id=pk, actor=request.user)
            messages.success(request, _done(counts))
            return redirect("activities:visit-board")
    except ValidationError as error:
        problem = "".join(error.messages)
    try:
        preview = preview_ledger(stored, request.user)
    except ValidationError as error:
        problem = problem or "".join(error.messages)
    is_taken = taken(stored) is not None
    # What is wrong first, then what changes: the rest is as it was.
    lines = sorted(
        preview.lines,
        key=lambda line: (not line.errors, not line.changed, not line.is_new),
    )
    upload_url = reverse("activities:ledger-upload")
    context = {
        "page_title": f"预览：{stored.original_name}",
        "breadcrumbs": [*crumbs(TITLE)[:-1], (TITLE, upload_url), ("预览", "")],
        "tiles": _tiles(preview),
        "lines": list(islice(lines, SHOWN_ROWS)),
        "hidden_rows": max(0, len(lines) - SHOWN_ROWS),
        "left": preview.left,
        "problem": problem,
        "organization": stored.organization,
        "is_taken": is_taken,
        "bad": preview.bad,
        "may_confirm": bool(lines) and not (preview.bad or problem or is_taken),
    }
    status = 422 if problem and request.method == "POST" else 200
    return render(request, "activities/ledger_preview.html", context, status=status)


def _done(counts: dict[str, int]) -> str:
    return (
        f"导入完毕：新增{counts['created']}户，更新{counts['updated']}户，"
        f"{counts['unchanged']}户没有变化。"
    )


def _tiles(preview: Preview) -> list[dict[str, Any]]:
    bad = preview.bad
    return [
        {"label": "新增", "value": len(preview.created), "unit": "户", "tone": "ok"},
        {"label": "更新", "value": len(preview.changed), "unit": "户"},
        {"label": "没有变化", "value": preview.unchanged, "unit": "户"},
        {
            "label": "有错误",
            "value": bad,
            "unit": "行",
            "tone": "bad" if bad else "",
        },
    ]
