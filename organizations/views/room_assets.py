"""Equipment and periodicals: the list of all rooms, a line, its state, a check."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import form_page
from config.lib.paging import group_tabs, page_by_key, total_of
from organizations import parameters
from organizations.access import Right, require_right
from organizations.forms.room_assets import (
    AssetCheckForm,
    AssetFilterForm,
    AssetForm,
    AssetGroup,
    AssetStateForm,
    initial_of_asset,
)
from organizations.models import RoomAsset
from organizations.room_choices import ASSET_TONES, AssetState
from organizations.room_parameters import CHECK_MONTHS
from organizations.services.room_assets import (
    add_asset,
    amend_asset,
    change_state,
    check_assets,
)
from organizations.views.room_pages import crumbs, kept_room, room_crumbs

TITLE = "设备和刊物"
_TABS = [("", "在用"), *AssetGroup.choices]


@require_safe
@parameters.together()
def asset_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_ORGANIZATIONS)
    form = AssetFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group = data.get("group", "")
    found = _found(request, data, group) if data else RoomAsset.objects.none()
    page = page_by_key(
        found.select_related("room__organization").with_last_check(),
        request.GET,
        "room_id",
    )
    for row in page.rows:
        row.tone = ASSET_TONES[AssetState(row.state)]
    address = reverse("organizations:room-asset-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": crumbs((TITLE, "")),
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(data.get(name) for name in ("organization", "kind")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
    }
    return render(request, "organizations/room_asset_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str) -> Any:
    found, today = RoomAsset.objects.visible_to(request.user), timezone.localdate()
    if group == AssetGroup.OVERDUE:
        found = found.check_overdue(today, parameters.get(CHECK_MONTHS))
    elif group == AssetGroup.BROKEN:
        found = found.of_open_rooms(today).filter(state=AssetState.BROKEN)
    elif group != AssetGroup.ALL:
        found = found.of_open_rooms(today).in_hand()
    if place := data["organization"]:
        found = found.lying_below([place.path], "room__organization")
    if data["kind"]:
        found = found.filter(kind=data["kind"])
    return found


def _kept_asset(request: HttpRequest, pk: int) -> RoomAsset:
    asset = get_object_or_404(RoomAsset.objects.visible_to(request.user), pk=pk)
    asset.room = kept_room(request, asset.room_id)
    return asset


@require_http_methods(["GET", "HEAD", "POST"])
def asset_create(request: HttpRequest, pk: int) -> HttpResponse:
    room = kept_room(request, pk)
    form = AssetForm(request.POST or None)
    return form_page(
        request,
        form,
        "登记设备刊物",
        room_crumbs(room, "登记设备刊物"),
        room.get_absolute_url(),
        lambda data: add_asset(
            room_id=pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def asset_edit(request: HttpRequest, pk: int) -> HttpResponse:
    asset = _kept_asset(request, pk)
    form = AssetForm(request.POST or None, initial=initial_of_asset(asset))
    return form_page(
        request,
        form,
        "修改设备刊物",
        room_crumbs(asset.room, "修改设备刊物"),
        asset.room.get_absolute_url(),
        lambda data: amend_asset(
            asset_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: _kept_asset(request, pk),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def asset_state(request: HttpRequest, pk: int) -> HttpResponse:
    asset = _kept_asset(request, pk)
    initial = {"number": asset.quantity, "version": asset.version}
    return form_page(
        request,
        AssetStateForm(request.POST or None, initial=initial),
        f"登记状态：{asset}",
        room_crumbs(asset.room, "登记状态"),
        asset.room.get_absolute_url(),
        lambda data: change_state(asset_id=pk, actor=request.user, **data),
        "已登记状态。",
        latest=lambda: _kept_asset(request, pk),
        form_note=f"现在：{asset.quantity}件，{asset.get_state_display()}，"
        f"自{asset.state_since}起。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def asset_check(request: HttpRequest, pk: int) -> HttpResponse:
    room = kept_room(request, pk)
    assets = list(room.assets.in_hand())
    if not assets:
        messages.info(request, "这个活动室还没有登记设备刊物，请先登记。")
        return redirect("organizations:room-asset-create", pk)
    return form_page(
        request,
        AssetCheckForm(request.POST or None, assets=assets),
        "登记检查",
        room_crumbs(room, "登记检查"),
        room.get_absolute_url(),
        lambda data: check_assets(
            room_id=pk,
            asset_ids=data["assets"],
            on_date=data["on_date"],
            actor=request.user,
        ),
        "已登记检查。",
    )
