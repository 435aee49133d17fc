"""What the dashboard of an organization shows for a month, ready to draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from config.lib import registry
from config.lib.paths import ancestors, is_within
from config.lib.periods import Month
from members.indicators import age_bands
from organizations.access import Right
from organizations.models import Organization, User
from reports import layout
from reports.services import summaries
from reports.services.summaries import Figures, Values

TILES = (
    "members.on_roll",
    "members.co_managed",
    "members.mobile_in",
    "activities.held",
    "activities.participations",
    "activities.active_members",
    "liaison.cards",
    "liaison.worded",
)
# What a tile says under its number: the part of a whole.
HINTS = {
    "liaison.cards": ("liaison.card_audience", "建卡率"),
    "liaison.worded": ("liaison.to_word", "填写率"),
}
CATEGORIES = ("in_post", "mobile", "laid_off", "retired", "other")
PROGRAMS = (("五个一", "activities.five_ones"), ("六带", "activities.six_leads"))


@dataclass(frozen=True)
class Dashboard:
    organization: Organization
    month: Month
    breadcrumbs: list[tuple[str, str]]
    tiles: list[dict[str, Any]]
    charts: list[dict[str, Any]]
    headings: list[str]
    children: list[dict[str, Any]]


def chosen_organization(user: User, asked: str) -> Organization | None:
    """The organization asked for where the user sees reports, else his first one."""
    mine = Organization.objects.with_right(user, Right.VIEW_REPORTS)
    if asked:
        return mine.filter(pk=asked).first() if asked.isdigit() else None
    return roots(user)[0]


def roots(user: User) -> list[Organization]:
    """The highest organizations whose reports the user sees; his posts' own rows."""
    paths = user.rights_paths(Right.VIEW_REPORTS)
    places = {
        post.organization.path: post.organization
        for post in user.current_posts
        if post.organization
    }
    return [places[path] for path in paths]


def dashboard(
    user: User, organization: Organization, month: Month, today: date
) -> Dashboard:
    """Everything but the to-do list, in five queries when nothing changed."""
    above, children = _around(user, organization)
    of_year = [m for m in _months_of_year(month) if m.start <= today]
    wanted = {each: [organization] for each in of_year}
    wanted[month] = [organization, *children]
    figures = summaries.read(wanted, today)
    values = figures[month][organization.pk].values
    held = [figures[each][organization.pk].values for each in of_year]
    return Dashboard(
        organization,
        month,
        [(str(node), _url(node.pk, month)) for node in above]
        + [(str(organization), "")],
        [_tile(key, values, organization, month) for key in TILES],
        [
            _ages(values),
            _categories(values),
            _activities(of_year, held),
            _completion(values),
        ],
        ["党组织", *(column["label"] for column in _columns())],
        _children(children, figures[month], month),
    )


def _around(
    user: User, organization: Organization
) -> tuple[list[Organization], list[Organization]]:
    """What stands above within the user's scope, and the open children, one query."""
    seen = user.rights_paths(Right.VIEW_REPORTS)
    above = [
        path
        for path in ancestors(organization.path)[:-1]
        if any(is_within(path, root) for root in seen)
    ]
    found = Organization.objects.filter(
        Q(path__in=above) | Q(parent=organization, closed_on__isnull=True)
    ).order_by("path")
    nodes = list(found.defer("contact_phone"))
    return (
        [node for node in nodes if node.path in above],
        [node for node in nodes if node.path not in above],
    )


def _months_of_year(month: Month) -> list[Month]:
    return [Month(month.year, number) for number in range(1, 13)]


def _url(organization_id: int, month: Month) -> str:
    query = urlencode({"organization": organization_id, "month": month.label})
    return f"{reverse('home')}?{query}"


def list_url(key: str, organization: Organization, month: Month) -> str:
    """The page that lists the rows behind a figure; "" where there is none."""
    indicator = registry.indicator(key)
    if indicator.list_url is None:
        return ""
    try:
        return indicator.list_url(organization.pk, month)
    except NoReverseMatch:
        return ""


def _tile(
    key: str, values: Values, organization: Organization, month: Month
) -> dict[str, Any]:
    indicator = registry.indicator(key)
    hint = ""
    if key in HINTS:
        whole, label = HINTS[key]
        share = layout.shown({"kind": "rate", "keys": [key, whole]}, values)
        hint = f"{label} {share}"
    return {
        "label": indicator.name,
        "value": values[key],
        "unit": indicator.unit,
        "url": list_url(key, organization, month),
        "hint": hint,
    }


# Charts ---------------------------------------------------------------------------


def _ages(values: Values) -> dict[str, Any]:
    bands = age_bands()
    return {
        "id": "ages",
        "title": "年龄结构",
        "spec": {
            "kind": "hbar",
            "unit": "人",
            "categories": [name for _, name in bands],
            "series": [{"name": "党员", "data": [values[key] for key, _ in bands]}],
        },
    }


def _categories(values: Values) -> dict[str, Any]:
    keys = [f"members.category_{category}" for category in CATEGORIES]
    return {
        "id": "categories",
        "title": "党员类别",
        "spec": {
            "kind": "pie",
            "unit": "人",
            "categories": [registry.indicator(key).name for key in keys],
            "series": [{"name": "党员", "data": [values[key] for key in keys]}],
        },
    }


def _activities(months: list[Month], held: list[Values]) -> dict[str, Any]:
    return {
        "id": "activities",
        "title": f"{months[0].year}年各月活动" if months else "各月活动",
        "spec": {
            "kind": "line",
            "unit": "次",
            "categories": [f"{month.number}月" for month in months],
            "series": [
                {"name": "活动次数", "data": [v["activities.held"] for v in held]},
            ],
        },
    }


def _completion(values: Values) -> dict[str, Any]:
    complete = [values[f"{prefix}_complete"] for _, prefix in PROGRAMS]
    started = [values[f"{prefix}_started"] for _, prefix in PROGRAMS]
    audience = [values[f"{prefix}_audience"] for _, prefix in PROGRAMS]
    return {
        "id": "completion",
        "title": "项目完成情况",
        "spec": {
            "kind": "stacked",
            "unit": "人",
            "categories": [name for name, _ in PROGRAMS],
            "series": [
                {"name": "全部完成", "data": complete},
                {"name": "进行中", "data": _differences(started, complete)},
                {"name": "未开始", "data": _differences(audience, started)},
            ],
        },
    }


def _differences(whole: list[int], part: list[int]) -> list[int]:
    return [a - b for a, b in zip(whole, part, strict=True)]


# Children -------------------------------------------------------------------------


def _columns() -> list[layout.Column]:
    return [
        layout.count("members.on_roll", "党员"),
        layout.count("activities.held", "活动"),
        layout.count("activities.participations", "到会人次"),
        layout.rate("activities.five_ones_completion_rate", "五个一完成率"),
        layout.rate("activities.six_leads_completion_rate", "六带完成率"),
        layout.count("liaison.cards", "联系卡"),
        layout.rate("liaison.worded_rate", "反馈填写率"),
    ]


def _children(
    children: list[Organization], figures: dict[int, Figures], month: Month
) -> list[dict[str, Any]]:
    """One row a child in the order of the tree; nobody is ranked."""
    columns = _columns()
    return [
        {
            "name": str(child),
            "url": _url(child.pk, month),
            "cells": [
                (column["label"], layout.shown(column, figures[child.pk].values))
                for column in columns
            ],
        }
        for child in children
    ]
