"""A unit's list of people who report: template, upload, preview row by row, confirm."""

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

from members.forms.reporting import SlipSheetForm
from members.services.slip_sheets import (
    TEMPLATE_NAME,
    own_slip_sheet,
    preview_sheet,
    take_sheet,
    template,
    upload_sheet,
)
from members.views.members import require_right
from members.views.slips import crumbs
from organizations.access import Right
from organizations.models import StoredFile
from organizations.services.files import XLSX

TITLE = "批量登记报到"
SHOWN_ROWS = 300


@require_GET
def slip_template(request: HttpRequest) -> FileResponse:
    require_right(request, Right.EDIT_MEMBERS)
    return FileResponse(
        io.BytesIO(template()),
        as_attachment=True,
        filename=TEMPLATE_NAME,
        content_type=XLSX,
    )


@require_http_methods(["GET", "POST"])
def slip_upload(request: HttpRequest) -> HttpResponse:
    require_right(request, Right.EDIT_MEMBERS)
    form = SlipSheetForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            stored = upload_sheet(
                organization_id=form.cleaned_data["organization"].pk,
                upload=form.cleaned_data["file"],
                actor=request.user,
            )
            preview_sheet(stored, request.user)
        except ValidationError as error:
            code = getattr(error, "code", "")
            form.add_error("organization" if code == "organization" else "file", error)
        else:
            return redirect("members:slip-preview", stored.pk)
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs(TITLE),
        "form": form,
        "cancel_url": reverse("members:slip-list"),
    }
    status = 422 if form.errors else 200
    return render(request, "members/slip_upload.html", context, status=status)


@require_http_methods(["GET", "POST"])
def slip_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET says what each row is; POST writes all of them or none."""
    require_right(request, Right.EDIT_MEMBERS)
    try:
        stored = own_slip_sheet(pk, request.user)
        lines, problem = preview_sheet(stored, request.user), ""
    except StoredFile.DoesNotExist as error:
        raise Http404 from error
    except ValidationError as error:
        lines, problem = [], "".join(error.messages)
    if request.method == "POST" and not problem:
        try:
            count = take_sheet(file_id=pk, actor=request.user)
        except ValidationError as error:
            problem = "".join(error.messages)
        else:
            messages.success(request, f"已登记 {count} 张报到单，等待受理。")
            return redirect("members:slip-list")
    # What is wrong first: it has to be mended before anything is written.
    lines.sort(key=lambda line: not line.errors)
    bad = sum(bool(line.errors) for line in lines)
    upload_url = reverse("members:slip-upload")
    context = {
        "page_title": f"预览：{stored.original_name}",
        "breadcrumbs": [*crumbs(TITLE)[:-1], (TITLE, upload_url), ("预览", "")],
        "tiles": _tiles(len(lines) - bad, bad),
        "lines": list(islice(lines, SHOWN_ROWS)),
        "hidden_rows": max(0, len(lines) - SHOWN_ROWS),
        "problem": problem,
        "organization": stored.organization,
        "may_confirm": bool(lines) and not bad and not problem,
    }
    status = 422 if problem and request.method == "POST" else 200
    return render(request, "members/slip_preview.html", context, status=status)


def _tiles(good: int, bad: int) -> list[dict[str, Any]]:
    return [
        {"label": "可以登记", "value": good, "unit": "人", "tone": "ok"},
        {
            "label": "有错误",
            "value": bad,
            "unit": "行",
            "tone": "bad" if bad else "",
        },
    ]
