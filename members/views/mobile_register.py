"""The registers of members away and of those who came, to be printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from config.lib.masks import mask_phone
from members import mobile_board as board
from members.models import MobileStay
from members.services.viewing import record_views
from members.views.members import require_right
from organizations.access import Right

# More than a street has; a page that prints more would not be read.
MOST = 2000
_SIDES = {board.OUT: "流出党员花名册", board.IN: "流入党员花名册"}
# 流动党员花名册 of the yearly statistics, each side with the words of its own.
_HEADINGS = {
    board.OUT: ("外出时间", "外出地点"),
    board.IN: ("流入时间", "流入前所在地"),
}


@require_GET
def mobile_register(request: HttpRequest) -> HttpResponse:
    """Everybody whose stay lasts, branch by branch; numbers stay masked on paper."""
    require_right(request, Right.VIEW_MEMBERS)
    asked = request.GET.get("side", "")
    side = asked if asked in _SIDES else board.OUT
    found = board.stays_of(request.user, side).open()
    place = "home" if side == board.OUT else "host"
    stays = list(
        found.select_related("member", "home", "host").order_by(
            f"{place}__path", "started_on", "pk"
        )[:MOST]
    )
    record_views(
        members=[stay.member for stay in stays if stay.member],
        page="mobile-register",
        actor=request.user,
    )
    address = reverse("members:mobile-register")
    since, where = _HEADINGS[side]
    context = {
        "page_title": _SIDES[side],
        "breadcrumbs": [
            ("流动党员", reverse("members:mobile-list")),
            (_SIDES[side], ""),
        ],
        "tabs": [
            {"label": label, "url": f"{address}?side={key}", "is_current": key == side}
            for key, label in _SIDES.items()
        ],
        "years": [],
        "headings": [
            *("姓名", "性别", "出生年月", "文化程度", since, where, "联系电话"),
            *("正式组织关系所在支部", "支部联系人和电话"),
        ],
        "rows": [_row(stay) for stay in stays],
        "made_on": timezone.localdate(),
        "is_cut": len(stays) == MOST,
    }
    return render(request, "members/ledger.html", context)


def _row(stay: MobileStay) -> list[Any]:
    person = stay.member
    return [
        person.name if person else stay.name,
        person.get_sex_display() if person else "",
        f"{person.born_on:%Y-%m}" if person else "",
        (person or stay).get_education_display(),
        stay.started_on,
        stay.division_name,
        mask_phone(person.phone if person else stay.phone),
        stay.home or stay.home_name,
        " ".join(filter(None, (stay.home_contact, mask_phone(stay.home_phone)))),
    ]
