"""The map of the street, and the outlines that draw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import GONE, add_service_error, form_page
from organizations.access import Right, require_right
from organizations.forms.street_map import MapUploadForm, RemoveForm, ShapesForm
from organizations.map_page import drawing_of, street_map
from organizations.models import Community, CommunityOutline, StoredFile
from organizations.services import outlines

TITLE = "社区示意图"
NAMED_ON_A_TILE = 6


def _crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(TITLE, reverse("organizations:map") if steps else ""), *steps]


@require_safe
def street_map_page(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_ORGANIZATIONS)
    found = street_map(request.user, timezone.localdate(), NAMED_ON_A_TILE)
    drawn = [t.community.outline for t in found.tiles if t.area is not None]
    context = {
        "page_title": TITLE,
        "breadcrumbs": _crumbs(),
        "map": found,
        "named": NAMED_ON_A_TILE,
        "newest": max(drawn, key=lambda row: row.drawn_at, default=None),
        "may_manage": request.user.has_right(Right.MANAGE_ORGANIZATIONS),
    }
    return render(request, "organizations/street_map.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def map_upload(request: HttpRequest) -> HttpResponse:
    """The file is checked and kept; the next page asks what of it is drawn."""
    require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    form = MapUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            stored = outlines.upload_map(
                upload=form.cleaned_data["file"], actor=request.user
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("organizations:map-import", stored.pk)
    return _upload_page(request, form)


def _upload_page(request: HttpRequest, form: MapUploadForm) -> HttpResponse:
    context = {
        "page_title": "上传边界图",
        "breadcrumbs": _crumbs(("上传边界图", "")),
        "form": form,
        "cancel_url": reverse("organizations:map"),
    }
    template = "organizations/map_upload.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def map_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET shows the areas and asks for their communities; POST draws them."""
    require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    try:
        stored = outlines.own_map(pk, request.user)
    except StoredFile.DoesNotExist as error:
        raise Http404 from error
    try:
        found = outlines.read_map(stored)
        # As they will be: a file's own thousands of points would take long to draw.
        light = outlines.light_shapes(found)
    except ValidationError as error:
        form = MapUploadForm({}, {})
        form.errors["file"] = form.error_class(error.messages)
        return _upload_page(request, form)
    places = list(_maintained(request.user))
    data = request.POST if request.method == "POST" else None
    form = ShapesForm(data, shapes=found.shapes, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            drawn = outlines.draw_outlines(
                file_id=pk, chosen=form.chosen(), actor=request.user
            )
        except ValidationError as error:
            add_service_error(form, error)
        except ObjectDoesNotExist:
            form.add_error(None, GONE)
        else:
            messages.success(request, _done(drawn))
            return redirect("organizations:map")
    context = {
        "page_title": f"预览：{stored.original_name}",
        "breadcrumbs": _crumbs(
            ("上传边界图", reverse("organizations:map-upload")), ("预览", "")
        ),
        "form": form,
        "found": found,
        "drawing": drawing_of([(n, "", parts) for n, parts in light.items()]),
        "matched": sum(bool(field.initial) for field in form.fields.values()),
        "known": {place.pk for place in places if hasattr(place, "outline")},
    }
    template = "organizations/map_import.html"
    return render(request, template, context, status=422 if form.errors else 200)


def _maintained(user: Any) -> Any:
    """Communities whose outline `user` may draw."""
    kept = user.rights_paths(Right.MANAGE_ORGANIZATIONS)
    return (
        Community.objects.visible_to(user)
        .lying_below(kept)
        .filter(organization__closed_on__isnull=True)
        .select_related("outline")
        .order_by("organization__path")
    )


def _done(drawn: outlines.Drawn) -> str:
    counted = (
        (drawn.new, "新画"),
        (drawn.replaced, "替换"),
        (drawn.unchanged, "没有变化"),
    )
    told = "，".join(f"{word}{number}个" for number, word in counted if number)
    return f"社区边界已画上示意图：{told}。"


@require_http_methods(["GET", "HEAD", "POST"])
def map_remove(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.MANAGE_ORGANIZATIONS)
    rows = CommunityOutline.objects.kept_by(request.user).select_related("community")
    form = RemoveForm(request.POST or None, rows=list(rows))
    return form_page(
        request,
        form,
        "删除社区边界",
        _crumbs(("删除社区边界", "")),
        reverse("organizations:map"),
        lambda data: outlines.remove_outlines(chosen=form.chosen(), actor=request.user),
        "已从示意图上删除。",
        submit_label="删除勾选的边界",
        is_danger=True,
        form_note="只删除示意图上的轮廓，社区和里面的党组织、活动室、单位都不变；"
        "以后可以重新上传。",
    )
