"""The register's import on the web: upload, preview row by row, confirm."""

from __future__ import annotations

from itertools import islice
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from organizations import access
from organizations.access import Right
from organizations.forms.structure import RegisterUploadForm
from organizations.imports import Outcome
from organizations.models import StoredFile
from organizations.services import registers

TITLE = "导入党组织信息表"
# A register has hundreds of rows; beyond this the page would only grow slow.
SHOWN_ROWS = 1000


@require_http_methods(["GET", "POST"])
def register_upload(request: HttpRequest) -> HttpResponse:
    access.require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    form = RegisterUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            stored = registers.upload_register(
                upload=form.cleaned_data["file"], actor=request.user
            )
            registers.preview_upload(stored, request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("organizations:import-preview", stored.pk)
    context = {
        "page_title": TITLE,
        "breadcrumbs": _crumbs(),
        "form": form,
        "cancel_url": reverse("organizations:list"),
    }
    status = 422 if form.errors else 200
    template = "organizations/import_upload.html"
    return render(request, template, context, status=status)


@require_http_methods(["GET", "POST"])
def register_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET says what each row will do; POST has a worker do it."""
    access.require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    try:
        stored = registers.own_register(pk, request.user)
    except StoredFile.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        return redirect(registers.request_import(file_id=pk, actor=request.user))
    try:
        outcome = registers.preview_upload(stored, request.user)
    except ValidationError as error:
        form = RegisterUploadForm({}, {})
        form.errors["file"] = form.error_class(error.messages)
        context = {"page_title": TITLE, "breadcrumbs": _crumbs(), "form": form}
        template = "organizations/import_upload.html"
        return render(request, template, context, status=422)
    context = {
        "page_title": f"预览：{stored.original_name}",
        "breadcrumbs": [*_crumbs(linked=True), ("预览", "")],
        "tiles": _tiles(outcome),
        "rows": list(islice(outcome.rows, SHOWN_ROWS)),
        "hidden_rows": max(0, len(outcome.rows) - SHOWN_ROWS),
        "outcome": outcome,
        "may_confirm": outcome.created + outcome.updated > 0,
    }
    return render(request, "organizations/import_preview.html", context)


def _tiles(outcome: Outcome) -> list[dict]:
    bad = sum(bool(planned.row.errors) for planned in outcome.rows)
    return [
        {"label": "新建", "value": outcome.created, "unit": "个", "tone": "ok"},
        {"label": "修改", "value": outcome.updated, "unit": "个"},
        {"label": "无变化", "value": outcome.unchanged, "unit": "个"},
        {
            "label": "有错误，不导入",
            "value": bad,
            "unit": "行",
            "tone": "bad" if bad else "",
        },
    ]


def _crumbs(*, linked: bool = False) -> list[tuple[str, str]]:
    url = reverse("organizations:import") if linked else ""
    return [("党组织", reverse("organizations:list")), ("导入", url)]
