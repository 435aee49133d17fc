"""The member list page by page: by key in both directions, rows as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from config.lib.masks import mask_phone
from members import rules
from members.choices import AffiliationKind, Category, MembershipStatus, Sex
from members.models import Affiliation
from members.querysets import MemberQuerySet
from organizations.models import Organization, User

PAGE_SIZE = 50
# Counting further costs more than the page; nobody pages through ten thousand.
COUNT_LIMIT = 10_000

SORTS = {"name": "name_pinyin", "joined": "joined_on", "born": "born_on"}
DEFAULT_SORT = "name"

_COLUMNS = (
    "pk",
    "name",
    "sex",
    "born_on",
    "category",
    "member_type",
    "status",
    "is_lost",
    "joined_on",
    "phone",
)
_KIND_ORDER = [
    AffiliationKind.ON_ROLL,
    AffiliationKind.CO_MANAGED,
    AffiliationKind.MOBILE_IN,
]
_TONES = {
    MembershipStatus.NORMAL: "ok",
    MembershipStatus.SUSPENDED: "warn",
    MembershipStatus.TRANSFERRED_OUT: "mute",
    MembershipStatus.DECEASED: "mute",
}
# Looked up 50 times a page: plain dictionaries, not enum members.
_SEX = dict(Sex.choices)
_CATEGORY = dict(Category.choices)
_STATUS = dict(MembershipStatus.choices)
_KIND = dict(AffiliationKind.choices)


@dataclass(frozen=True)
class Page:
    rows: list[dict[str, Any]]
    total: str
    previous_url: str
    next_url: str
    last_url: str


def member_page(
    members: MemberQuerySet, params: Mapping[str, str], *, user: User, today: date
) -> Page:
    """Return one page of a scoped, filtered queryset.

    `params` are the query's: sort, and one of after, before (ids of boundary rows;
    never the key itself, which would put a name into an address) or last.
    """
    key, is_descending = _sort(params.get("sort", ""))
    boundary = _boundary(members, params, key)
    is_backward = "last" in params or (boundary is not None and "before" in params)
    rows = list(
        _from_boundary(members, key, is_descending, boundary, is_backward).values(
            *_COLUMNS
        )[: PAGE_SIZE + 1]
    )
    has_more = len(rows) > PAGE_SIZE
    rows = rows[:PAGE_SIZE]
    if is_backward:
        rows.reverse()
    has_previous = has_more if is_backward else boundary is not None
    has_next = boundary is not None if is_backward else has_more
    _finish_rows(rows, user, today)
    first, last = (rows[0]["pk"], rows[-1]["pk"]) if rows else (0, 0)
    return Page(
        rows=rows,
        total=_total(members),
        previous_url=_url(params, before=first) if has_previous and rows else "",
        next_url=_url(params, after=last) if has_next and rows else "",
        last_url=_url(params, last=1) if has_next and rows else "",
    )


def _sort(text: str) -> tuple[str, bool]:
    name = text.removeprefix("-")
    return SORTS.get(name, SORTS[DEFAULT_SORT]), name in SORTS and text[:1] == "-"


def _boundary(
    members: MemberQuerySet, params: Mapping[str, str], key: str
) -> tuple[Any, int] | None:
    wanted = params.get("after") or params.get("before") or ""
    if not wanted.isascii() or not wanted.isdigit() or len(wanted) > 18:
        return None
    return members.filter(pk=wanted).order_by().values_list(key, "pk").first()


def _from_boundary(
    members: MemberQuerySet,
    key: str,
    is_descending: bool,
    boundary: tuple[Any, int] | None,
    is_backward: bool,
) -> MemberQuerySet:
    goes_down = is_descending != is_backward
    if boundary is not None:
        value, pk = boundary
        step = "lt" if goes_down else "gt"
        # The first condition is the index range, the second drops equal keys.
        members = members.filter(**{f"{key}__{step}e": value}).filter(
            Q(**{f"{key}__{step}": value}) | Q(**{f"pk__{step}": pk})
        )
    sign = "-" if goes_down else ""
    return members.order_by(f"{sign}{key}", f"{sign}pk")


def _total(members: MemberQuerySet) -> str:
    total = members.order_by().values("pk")[: COUNT_LIMIT + 1].count()
    return str(total) if total <= COUNT_LIMIT else f"{COUNT_LIMIT}以上"


def _url(params: Mapping[str, str], **place: int) -> str:
    kept = params.copy()
    for name in ("after", "before", "last", "page"):
        kept.pop(name, None)
    for name, value in place.items():
        kept[name] = str(value)
    return f"?{kept.urlencode()}"


def _finish_rows(rows: list[dict[str, Any]], user: User, today: date) -> None:
    """Put into each row what the template prints, ready as text."""
    places = _places([row["pk"] for row in rows], user)
    base = reverse("members:list")
    for row in rows:
        born_on = row["born_on"]
        row["url"] = f"{base}{row['pk']}/"
        row["sex"] = _SEX[row["sex"]]
        row["age"] = f"{rules.age_on(born_on, today)}岁"
        row["born"] = f"{born_on.year}年{born_on.month}月"
        row["joined"] = row["joined_on"].isoformat()
        row["category"] = _CATEGORY[row["category"]]
        row["phone"] = mask_phone(row["phone"]) or "—"
        row["branch"], row["kind"] = places.get(row["pk"], ("—", "已离开"))
        row["tone"], row["state"] = _state(row)


def _state(row: dict[str, Any]) -> tuple[str, str]:
    if row["is_lost"] and row["status"] in {"normal", "suspended"}:
        return "bad", "失联"
    if row["status"] == "normal" and row["member_type"] == "probationary":
        return "info", "预备党员"
    return _TONES.get(row["status"], "bad"), _STATUS[row["status"]]


def _places(ids: list[int], user: User) -> dict[int, tuple[str, str]]:
    """Branch and kind of each person within the user's scope, the roll first."""
    found = (
        Affiliation.objects.open()
        .filter(
            member__in=ids,
            organization__in=Organization.objects.with_members_visible_to(user),
        )
        .values_list("member_id", "organization__short_name", "kind")
    )
    places: dict[int, tuple[str, str]] = {}
    for member_id, name, kind in sorted(
        found, key=lambda row: _KIND_ORDER.index(row[2]), reverse=True
    ):
        places[member_id] = (name, _KIND[kind])
    return places
