"""The page for calling: whom to call, and when each was in touch last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from config.lib.paging import Page, page_by_key
from members import search
from members.choices import Category
from members.contact_sources import contacted_since, last_contacts
from members.models import Member
from organizations.models import User

_COLUMNS = ("pk", "name", "category", "phone")
_CATEGORY = dict(Category.choices)


@dataclass(frozen=True)
class CallPage(Page):
    """`rows` are dictionaries: name, category, url, last, is_today, has_phone."""


def call_page(
    user: User, data: dict[str, Any] | None, params: QueryDict, today: date
) -> CallPage:
    """One page of the people `user` looks after, by name.

    `data` are the cleaned filters: `q`, and `silent`, days without contact; None
    where they are not to be understood, which finds nobody.
    """
    members = Member.objects.editable_by(user)
    if data is None:
        members, data = members.none(), {}
    if (found := search.condition(data.get("q") or "")) is not None:
        members = members.filter(found)
    if days := data.get("silent"):
        since = today - timedelta(days=int(days) - 1)
        members = members.exclude(contacted_since(since))
    page = page_by_key(members.values(*_COLUMNS), params, "name_pinyin")
    last = last_contacts([row["pk"] for row in page.rows])
    for row in page.rows:
        row |= {
            "url": reverse("members:contacts", args=[row["pk"]]),
            "category": _CATEGORY[row["category"]],
            "last": last_words(last.get(row["pk"]), today),
            "is_today": last.get(row["pk"]) == today,
            "has_phone": bool(row.pop("phone")),
        }
    return CallPage(**vars(page))


def last_words(day: date | None, today: date) -> str:
    """When somebody was in touch last, as one would say it."""
    if day is None:
        return "没有联系记录"
    days = (today - day).days
    if days <= 0:
        return "今天联系过"
    return f"{days}天前联系（{day}）"
