"""Activity rooms: the list, one room, registering, amending, closing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from config.lib.asking import confirm_page, form_page
from config.lib.dates import months_after
from config.lib.errors import RuleError
from config.lib.masks import mask_phone
from config.lib.paging import group_tabs, page_by_key, total_of
from config.lib.periods import Month, Year
from organizations import parameters
from organizations.access import Right, require_right
from organizations.forms.rooms import (
    RoomCloseForm,
    RoomEditForm,
    RoomFilterForm,
    RoomForm,
    initial_of_room,
)
from organizations.models import Room
from organizations.room_choices import ASSET_TONES, AssetKind, AssetState, RoomGroup
from organizations.room_parameters import CHECK_MONTHS, IDLE_DAYS
from organizations.room_querysets import USERS
from organizations.room_week import Reader, monday_of, week_of
from organizations.services.rooms import (
    amend_room,
    close_room,
    create_room,
    reopen_room,
)
from organizations.views.room_pages import TITLE, crumbs, kept_room, room_crumbs
from organizations.views.room_pages import seen_room as seen

_TABS = [("", "在用"), *RoomGroup.choices]
MOST_SHOWN = 20


@require_safe
@parameters.together()
def room_list(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.VIEW_ORGANIZATIONS)
    form = RoomFilterForm(request.GET, user=request.user)
    data = form.cleaned_data if form.is_valid() else {}
    group, today = data.get("group", ""), timezone.localdate()
    found = _found(request, data, group, today) if data else Room.objects.none()
    month = Month.containing(today)
    page = page_by_key(
        found.with_numbers(month, today)
        .select_related("organization", "building__community")
        .prefetch_related("stations"),
        request.GET,
        "organization__path",
    )
    address = reverse("organizations:room-list")
    context = {
        "page_title": TITLE,
        "breadcrumbs": [(TITLE, "")],
        "form": form,
        "page": page,
        "total": total_of(page, found),
        "is_filtered": any(data.get(name) for name in ("organization", "station")),
        "clear_url": f"{address}?group={group}" if group else address,
        "tabs": group_tabs(address, _TABS, group),
        "idle_before": today - timedelta(days=parameters.get(IDLE_DAYS)),
        "may_keep": request.user.has_right(Right.KEEP_ROOMS),
    }
    return render(request, "organizations/room_list.html", context)


def _found(request: HttpRequest, data: dict[str, Any], group: str, today: date) -> Any:
    found = Room.objects.visible_to(request.user)
    if group == RoomGroup.IDLE:
        found = found.idle(today, parameters.get(IDLE_DAYS))
    elif group == RoomGroup.CLOSED:
        found = found.closed(today)
    elif group != RoomGroup.ALL:
        found = found.in_use(today)
    if place := data["organization"]:
        found = found.lying_below([place.path])
    if data["station"]:
        found = found.filter(stations__kind=data["station"])
    return found


@require_safe
@parameters.together()
def room_detail(request: HttpRequest, pk: int) -> HttpResponse:
    room, today = seen(request, pk), timezone.localdate()
    reader = Reader(request.user, room)
    week = week_of(reader, monday_of(today), today)
    use, newest = _use(room, today)
    limit = today - timedelta(days=parameters.get(IDLE_DAYS))
    is_open = room.closed_on is None
    context = {
        "page_title": room.name,
        "breadcrumbs": crumbs((room.name, "")),
        "room": room,
        "facts": _facts(room),
        "stations": [
            (each, mask_phone(each.keeper_phone)) for each in room.stations.all()
        ],
        "today": next(day for day in week if day.is_today),
        "rest": [day for day in week if day.on > today and day.entries],
        "last_on": newest,
        "is_idle": is_open and (newest or room.opened_on) < limit,
        "use": use,
        "assets": _assets(room, today),
        "keeps": reader.keeps,
        "unsettled": _unsettled(reader, today) if reader.keeps else [],
        "may_book": is_open and request.user.has_right(Right.BOOK_ROOMS),
    }
    return render(request, "organizations/room_detail.html", context)


def _facts(room: Room) -> list[tuple[str, Any]]:
    return [
        ("管理的党组织", room.organization),
        ("位置", room.place_text),
        ("可容纳", f"{room.capacity} 人" if room.capacity else ""),
        ("开放时间", "；".join(room.hours_lines)),
        ("管理员", room.keeper_name),
        ("管理员电话", mask_phone(room.keeper_phone)),
        ("启用日期", room.opened_on.isoformat()),
    ]


def _use(
    room: Room, today: date
) -> tuple[list[tuple[str, dict[str, int]]], date | None]:
    """Openings and users of this month and this year, and the day of the last."""
    periods = {"month": Month.containing(today), "year": Year.containing(today)}
    asked: dict[str, Any] = {"last_on": Max("held_on")}
    for key, period in periods.items():
        inside = Q(held_on__gte=period.start, held_on__lt=period.end)
        asked[f"{key}_number"] = Count("pk", filter=inside)
        asked |= {f"{key}_{n}": Sum(n, filter=inside, default=0) for n in USERS}
    found = room.openings.standing().order_by().aggregate(**asked)
    rows = [
        (period.title, {n: found[f"{key}_{n}"] for n in ("number", *USERS)})
        for key, period in periods.items()
    ]
    return rows, found["last_on"]


def _assets(room: Room, today: date) -> list[Any]:
    """Lines of the list, with `tone`, `due_on` and `is_late` of what is checked."""
    months = parameters.get(CHECK_MONTHS)
    rows: list[Any] = list(room.assets.with_last_check())
    for row in rows:
        row.tone = ASSET_TONES[AssetState(row.state)]
        is_checked = row.kind == AssetKind.EQUIPMENT and row.state in {"good", "broken"}
        row.due_on = months_after(row.last_check, months) if is_checked else None
        row.is_late = row.due_on is not None and row.due_on < today
    return rows


def _unsettled(reader: Reader, today: date) -> list[tuple[date, Any]]:
    """Bookings before today that nobody has told of, the oldest first."""
    rows = reader.room.bookings.unsettled(today).select_related("organization")
    return [
        (row.held_on, reader.entry_of_booking(row, today)) for row in rows[:MOST_SHOWN]
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def room_create(request: HttpRequest) -> HttpResponse:
    require_right(request.user, Right.KEEP_ROOMS)
    form = RoomForm(request.POST or None, user=request.user)
    return form_page(
        request,
        form,
        "登记活动室",
        crumbs(("登记活动室", "")),
        reverse("organizations:room-list"),
        lambda data: create_room(
            organization_id=data["organization"].pk,
            facts=form.facts(),
            request_id=data["request_id"],
            actor=request.user,
        ),
        "已登记活动室，接着登记设备和刊物。",
        then=lambda room: room.get_absolute_url(),
        is_wide=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def room_edit(request: HttpRequest, pk: int) -> HttpResponse:
    room = kept_room(request, pk)
    form = RoomEditForm(
        request.POST or None, user=request.user, initial=initial_of_room(room)
    )
    return form_page(
        request,
        form,
        "修改活动室",
        room_crumbs(room, "修改"),
        room.get_absolute_url(),
        lambda data: amend_room(
            room_id=pk,
            facts=form.facts(),
            version=data["version"],
            actor=request.user,
        ),
        "已保存。",
        latest=lambda: kept_room(request, pk),
        is_wide=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def room_close(request: HttpRequest, pk: int) -> HttpResponse:
    room = kept_room(request, pk)
    return confirm_page(
        request,
        RoomCloseForm(request.POST or None, initial={"version": room.version}),
        "停用活动室",
        room_crumbs(room, "停用"),
        room.get_absolute_url(),
        f"停用“{room}”？",
        ["停用以后不能预订、不再提醒；开放记录和设备清单都保留，可以恢复使用。"],
        lambda data: close_room(room_id=pk, actor=request.user, **data),
        "已停用。",
        latest=lambda: kept_room(request, pk),
    )


@require_POST
def room_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    room = kept_room(request, pk)
    try:
        reopen_room(room_id=pk, actor=request.user)
    except RuleError as error:
        messages.error(request, error.text)
    else:
        messages.success(request, f"“{room}”已恢复使用。")
    return redirect(room)
