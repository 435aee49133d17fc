"""The board of members who live or work away: what it counts and what it lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse

from config.lib.paging import Page, page_by_key
from config.lib.paths import below
from members.choices.mobile import MobileState
from members.models import MobileStay
from members.parameters.mobile import (
    LOST_DAYS,
    SETTLED_DAYS,
    SILENT_FIRST,
    SILENT_SECOND,
    SILENT_THIRD,
    UNVERIFIED_DAYS,
)
from members.querysets.mobile import MobileStayQuerySet
from organizations import parameters
from organizations.models import User

OUT, IN = "out", "in"
_SILENT = (SILENT_FIRST, SILENT_SECOND, SILENT_THIRD, LOST_DAYS)


def silent_for(step: int, today: date) -> Q:
    """Open stays without contact for the days of a step, and not yet for the next's."""
    days = [parameters.get(key) for key in _SILENT]
    fits = Q(last_contact_on__lte=today - timedelta(days=days[step]))
    if step + 1 < len(days):
        fits &= Q(last_contact_on__gt=today - timedelta(days=days[step + 1]))
    return fits


def unverified(today: date) -> Q:
    """Registered for so many days that the identity should have been verified."""
    since = today - timedelta(days=parameters.get(UNVERIFIED_DAYS))
    return Q(state=MobileState.REGISTERED, registered_on__lte=since)


def overdue(today: date) -> Q:
    return Q(expected_end_on__lt=today)


def settled(today: date) -> Q:
    """Placed here for half a year, with neither a transfer nor a card."""
    since = today - timedelta(days=parameters.get(SETTLED_DAYS))
    return Q(state=MobileState.PLACED, started_on__lte=since, card_number="")


@dataclass(frozen=True)
class Bucket:
    """One tile of the board: its word in the address, its name, and who is in it."""

    key: str
    label: str
    fits: Q
    tone: str = ""


def buckets(side: str, today: date) -> list[Bucket]:
    """The tiles of one side, what is to be done first at the front."""
    days = [parameters.get(key) for key in _SILENT]
    silence = [
        Bucket(
            f"silent{place}",
            f"{days[place]}至{days[place + 1] - 1}天没有联系"
            if place + 1 < len(days)
            else f"{days[place]}天以上没有联系",
            silent_for(place, today),
            "warn" if place < 2 else "bad",
        )
        for place in range(len(days))
    ]
    found = [*silence, Bucket("due", "已过预计结束日期", overdue(today), "warn")]
    if side == OUT:
        return [*found, Bucket("card", "持活动证", ~Q(card_number=""))]
    return [
        Bucket("unverified", "待核实身份", Q(state=MobileState.REGISTERED), "warn"),
        Bucket("unplaced", "已核实，待编入", Q(state=MobileState.VERIFIED), "warn"),
        *found,
        Bucket("settled", "半年以上未转接、无活动证", settled(today), "warn"),
    ]


def stays_of(
    user: User, side: str, data: dict[str, Any] | None = None
) -> MobileStayQuerySet:
    """Stays whose home (out) or host (in) the user sees, narrowed by the filters."""
    data = data or {}
    roots = user.member_paths
    if organization := data.get("organization"):
        roots = below(roots, organization.path)
    # One side of what `visible_to` asks of both: asked twice, the database would look
    # at every stay twice as well.
    place = "home" if side == OUT else "host"
    found = MobileStay.objects.lying_below(roots, place)
    # Said, although it follows: only then is the index of this side used.
    found = found.filter(**{f"{place}__isnull": False})
    if province := data.get("province"):
        found = found.filter(division__startswith=province)
    if text := data.get("q"):
        found = found.filter(
            Q(member__name__contains=text)
            | Q(member__name_pinyin__startswith=text.lower())
            | Q(member__name_initials__startswith=text.lower())
            | Q(name__contains=text)
        )
    return found


_COLUMNS = (
    *("direction", "state", "division", "reason", "started_on", "expected_end_on"),
    *("last_contact_on", "card_number", "home_name", "host_name", "name", "ended_on"),
    *("member__name", "home__short_name", "host__short_name"),
)


def board_page(found: MobileStayQuerySet, params: QueryDict) -> Page:
    """One page, the longest silent first; no encrypted value is read."""
    rows = found.select_related("member", "home", "host").only(*_COLUMNS)
    return page_by_key(rows, params, "last_contact_on")


def lost_url(stay: MobileStay) -> str:
    """Where a case of lost contact begins, "" where the person is on no roll here."""
    if not (stay.member_id and stay.home_id):
        return ""
    return reverse("members:lost-add", args=[stay.member_id])
