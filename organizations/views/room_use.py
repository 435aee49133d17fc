"""What a room is used for: its week, bookings, the opening log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.lib.asking import confirm_page, form_page
from config.lib.paging import page_by_key, total_of
from organizations.access import Right, require_right
from organizations.forms.room_use import (
    BookingForm,
    OpeningForm,
    ReasonForm,
    first_place,
    initial_of_use,
)
from organizations.models import Room, RoomBooking, RoomOpening
from organizations.room_rules import hours_on
from organizations.room_week import Reader, monday_of, week_of
from organizations.services.room_use import (
    book_room,
    cancel_booking,
    may_cancel,
    record_opening,
    withdraw_opening,
)
from organizations.views.room_pages import (
    give_hints,
    kept_room,
    room_crumbs,
    seen_room,
    week_url,
)

_FARTHEST = timedelta(days=3660)


@require_safe
def room_week(request: HttpRequest, pk: int) -> HttpResponse:
    """A week as a list of days, the same on a desk and on a phone."""
    room, today = seen_room(request, pk), timezone.localdate()
    monday = monday_of(_day(request, today))
    context = {
        "page_title": f"{room}：一周安排",
        "breadcrumbs": room_crumbs(room, "一周安排"),
        "room": room,
        "days": week_of(Reader(request.user, room), monday, today),
        "first": monday,
        "last": monday + timedelta(days=6),
        "previous_url": week_url(room, monday - timedelta(days=7)),
        "next_url": week_url(room, monday + timedelta(days=7)),
        "may_book": room.closed_on is None and request.user.has_right(Right.BOOK_ROOMS),
        "this_day": today,
    }
    return render(request, "organizations/room_week.html", context)


def _day(request: HttpRequest, today: date) -> date:
    """The day asked for; what is none, or very far away, is today."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if abs(day - today) <= _FARTHEST else today


@require_http_methods(["GET", "HEAD", "POST"])
def booking_create(request: HttpRequest, pk: int) -> HttpResponse:
    room, today = seen_room(request, pk), timezone.localdate()
    require_right(request.user, Right.BOOK_ROOMS)
    form = BookingForm(request.POST or None, user=request.user, room=room)
    if not form.is_bound:
        day = _day(request, today)
        form.initial |= {"held_on": day, "organization": first_place(form)}
        form.initial |= _usual_time(room, day)

    def save(data: dict[str, Any]) -> RoomBooking:
        facts, people = form.facts(), data["people"]
        booking = book_room(
            room_id=pk,
            organization_id=data["organization"].pk,
            facts=facts,
            people=people,
            request_id=data["request_id"],
            actor=request.user,
        )
        when = (facts.held_on, facts.starts_at, facts.ends_at)
        give_hints(request, room, *when, people or 0)
        return booking

    return form_page(
        request,
        form,
        f"预订{room}",
        room_crumbs(room, "预订"),
        week_url(room, today),
        save,
        "已预订。",
        then=lambda booking: week_url(room, booking.held_on),
        submit_label="预订",
        form_note="开放时间：" + ("；".join(room.hours_lines) or "没有规定"),
    )


def _usual_time(room: Room, day: date) -> dict[str, Any]:
    """The first hours of that weekday, where the room has any."""
    spans = hours_on(room.spans, day)
    return {"starts_at": spans[0].opens, "ends_at": spans[0].closes} if spans else {}


@require_http_methods(["GET", "HEAD", "POST"])
def booking_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    booking = _seen_booking(request, pk)
    room = booking.room
    if not may_cancel(booking, room, request.user):
        raise PermissionDenied("别的党组织的预订，由他们自己或者活动室管理单位取消。")
    return confirm_page(
        request,
        ReasonForm(request.POST or None),
        "取消预订",
        room_crumbs(room, "取消预订"),
        week_url(room, booking.held_on),
        f"取消{booking.held_on} {booking.times}的预订？",
        ["取消以后别人可以预订这个时间；没有用成的，也在这里取消。"],
        lambda data: cancel_booking(booking_id=pk, actor=request.user, **data),
        "已取消预订。",
    )


def _seen_booking(request: HttpRequest, pk: int) -> RoomBooking:
    rows = RoomBooking.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("organization", "room__organization"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
def booking_open(request: HttpRequest, pk: int) -> HttpResponse:
    """The opening of a booking: only the numbers are left to fill in."""
    booking = _seen_booking(request, pk)
    kept_room(request, booking.room_id)
    initial = initial_of_use(booking) | {"keeper_name": booking.room.keeper_name}
    return _opening_page(request, booking.room, initial, booking)


@require_http_methods(["GET", "HEAD", "POST"])
def opening_create(request: HttpRequest, pk: int) -> HttpResponse:
    """An opening nobody booked, or, with `?again=`, one withdrawn to be mended."""
    room, today = kept_room(request, pk), timezone.localdate()
    asked = request.GET.get("again", "")
    wrong = (
        room.openings.filter(withdrawn_at__isnull=False, pk=int(asked))
        .select_related("booking")
        .first()
        if asked.isdecimal() and len(asked) < 16
        else None
    )
    if wrong is not None:
        booking = wrong.booking
        is_free = booking is not None and booking.cancelled_at is None
        return _opening_page(
            request, room, initial_of_use(wrong), booking if is_free else None
        )
    initial = {"held_on": today, "keeper_name": room.keeper_name}
    return _opening_page(request, room, initial | _usual_time(room, today), None)


def _opening_page(
    request: HttpRequest,
    room: Room,
    initial: dict[str, Any],
    booking: RoomBooking | None,
) -> HttpResponse:
    form = OpeningForm(request.POST or None, initial=initial)

    def save(data: dict[str, Any]) -> RoomOpening:
        facts = form.facts()
        opening = record_opening(
            room_id=room.pk,
            facts=facts,
            booking_id=booking.pk if booking else None,
            request_id=data["request_id"],
            actor=request.user,
        )
        if room.capacity and opening.people > room.capacity:
            when = (facts.held_on, facts.starts_at, facts.ends_at)
            give_hints(request, room, *when, opening.people)
        return opening

    return form_page(
        request,
        form,
        "登记开放",
        room_crumbs(room, "登记开放"),
        room.get_absolute_url(),
        save,
        "已登记开放。",
        is_wide=True,
    )


@require_safe
def opening_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The log of a room, withdrawn records included."""
    room = kept_room(request, pk)
    found = RoomOpening.objects.visible_to(request.user).filter(room=room)
    page = page_by_key(
        found.select_related("booking__organization"),
        request.GET,
        "held_on",
        descending=True,
    )
    reader = Reader(request.user, room)
    context = {
        "page_title": f"{room}：开放记录",
        "breadcrumbs": room_crumbs(room, "开放记录"),
        "room": room,
        "page": page,
        "rows": [(row, reader.entry_of_opening(row)) for row in page.rows],
        "total": total_of(page, found),
    }
    return render(request, "organizations/room_openings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def opening_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RoomOpening.objects.visible_to(request.user)
    opening = get_object_or_404(rows, pk=pk)
    room = kept_room(request, opening.room_id)
    again = reverse("organizations:room-open", args=[room.pk])
    return confirm_page(
        request,
        ReasonForm(request.POST or None),
        "撤回开放记录",
        room_crumbs(room, "撤回开放记录"),
        reverse("organizations:room-openings", args=[room.pk]),
        f"撤回{opening.held_on} {opening.times}的开放记录？",
        ["撤回的不再计入统计，原因留在记录里；接着可以改正后重新登记，不用重填。"],
        lambda data: withdraw_opening(opening_id=pk, actor=request.user, **data),
        "已撤回。要改正的，在下面改好后保存；不用重新登记的，点“取消”。",
        then=f"{again}?again={pk}",
    )
