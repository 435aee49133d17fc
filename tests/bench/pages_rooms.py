"""Pages of activity rooms, for the street, a community and a branch."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from organizations.models import Room
from tests.bench.pages_activities import Page
from tests.bench.street import Street


def room_pages(street: Street) -> Iterator[Page]:
    room = Room.objects.filter(organization=street.communities[0]).first()
    assert room is not None
    lists, assets = _url("-list"), _url("-asset-list")
    asset, booking = room.assets.first(), room.bookings.last()
    assert asset is not None
    assert booking is not None
    shared = {
        "活动室": lists,
        "活动室 久未开放": f"{lists}?group=idle",
        "活动室 全部": f"{lists}?group=all&station=mobile",
        "活动室 设备和刊物": assets,
        "活动室 逾期未检查": f"{assets}?group=overdue&kind=equipment",
        "活动室 一间": _url("", room.pk),
        "活动室 一周": _url("-week", room.pk),
        "活动室 预订": _url("-book", room.pk),
    }
    kept = {
        "活动室 登记": _url("-create"),
        "活动室 修改": _url("-edit", room.pk),
        "活动室 登记开放": _url("-booking-open", booking.pk),
        "活动室 开放记录": _url("-openings", room.pk),
        "活动室 登记检查": _url("-check", room.pk),
        "活动室 设备状态": _url("-asset-state", asset.pk),
    }
    for name, url in shared.items():
        for role in ("staff", "community", "branch"):
            yield name, role, url
    for name, url in kept.items():
        for role in ("staff", "community"):
            yield name, role, url


def _url(name: str, *args: int) -> str:
    return reverse(f"organizations:room{name}", args=args)
