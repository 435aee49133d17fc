"""The member list page by page: by key in both directions, rows as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from config.lib.masks import mask_phone
from config.lib.paging import PAGE_SIZE, Page, page_by_key, total_of
from members import rules
from members.choices import AffiliationKind, Category, MembershipStatus, Sex
from members.models import Affiliation
from members.querysets import MemberQuerySet
from organizations.models import User

SORTS = {"name": "name_pinyin", "joined": "joined_on", "born": "born_on"}
DEFAULT_SORT = "name"
# One character of a name finds thousands; nobody pages through them, but types another.
# What does not fit on a page is not counted.
SEARCH_COUNT_LIMIT = PAGE_SIZE

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
class MemberPage(Page):
    total: str


def member_page(
    members: MemberQuerySet,
    params: QueryDict,
    *,
    user: User,
    today: date,
    is_everybody: bool = False,
    limit: int | None = None,
) -> MemberPage:
    """Return one page of a scoped, filtered queryset.

    `params` are the query's: `sort`, and those of `page_by_key`. `is_everybody` says
    that nothing but the scope narrows it; `limit` is how far it is counted.
    """
    key, is_descending = _sort(params.get("sort", ""))
    rows = members.values(*_COLUMNS)
    # A search is told by its limit; it tests thousands of names to show fifty.
    shown = None if limit is None else members.model.objects.values(*_COLUMNS)
    page = page_by_key(rows, params, key, descending=is_descending, shown=shown)
    _finish_rows(page.rows, user, today)
    if is_everybody:
        # The people of a scope are counted from its relations alone, a third of the
        # work of asking for each person as well.
        relations = Affiliation.objects.visible_to(user).open().distinct()
        total = total_of(page, relations, "member_id")
    else:
        total = total_of(page, members, limit=limit)
    return MemberPage(**vars(page), total=total)


def _sort(text: str) -> tuple[str, bool]:
    name = text.removeprefix("-")
    return SORTS.get(name, SORTS[DEFAULT_SORT]), name in SORTS and text[:1] == "-"


def _finish_rows(rows: list[dict[str, Any]], user: User, today: date) -> None:
    """Put into each row what the template prints, ready as text."""
    found = places([row["pk"] for row in rows], user)
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
        row["branch"], row["kind"] = found.get(row["pk"], ("—", "已离开"))
        row["tone"], row["state"] = _state(row)


def _state(row: dict[str, Any]) -> tuple[str, str]:
    if row["is_lost"] and row["status"] in {"normal", "suspended"}:
        return "bad", "失联"
    if row["status"] == "normal" and row["member_type"] == "probationary":
        return "info", "预备党员"
    return _TONES.get(row["status"], "bad"), _STATUS[row["status"]]


def places(ids: list[int], user: User) -> dict[int, tuple[str, str]]:
    """Branch and kind of each person within the user's scope, the roll first."""
    found = (
        Affiliation.objects.visible_to(user)
        .filter(ends_on__isnull=True, member__in=ids)
        .order_by()
        .values_list("member_id", "organization__short_name", "kind")
    )
    places: dict[int, tuple[str, str]] = {}
    for member_id, name, kind in sorted(
        found, key=lambda row: _KIND_ORDER.index(row[2]), reverse=True
    ):
        places[member_id] = (name, _KIND[kind])
    return places
