"""Posting what a page's own form holds, and more: what else than it shows changed?"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import connection, models, transaction
from django.http.cookie import SimpleCookie

from tests.access.cases import places_of
from tests.access.cast import ACTORS, Actor
from tests.access.matrix import ENTRIES
from tests.access.policies import OK, Entry, expected
from tests.access.visits import _WRITE, Visitor
from tests.access.world import Planted

APPS = ("organizations", "members", "activities", "liaison", "reports")
# What an office would write into an empty field that wants something.
_FILLED = {
    "date": "2026-10-01",
    "datetime-local": "2026-10-01T09:00",
    "number": "2",
    "time": "09:00",
}
_WORDS = {
    "id_number": "110101199003070134",
    "phone": "13900001234",
    "reason": "登记有误，更正",
    "username": "new-account",
    "value": "30",
}

# The admin takes a POST of these for a GET.
_READ = ("_changelist", "_history", "_delete")
POSTED = [
    entry
    for entry in ENTRIES
    if entry.post is not None and not entry.name.endswith(_READ)
]

Rows = dict[tuple[str, Any], dict[str, Any]]


# They who hold most see most fields.
_ORDER = (
    "committee_staff",
    "branch_secretary",
    "sysadmin",
    "unit_contact",
    "anonymous",
)
# Staff must choose a branch before the form comes.
_FIRST = {"activities:record": ("branch_secretary",)}


class _Fields(HTMLParser):
    """Names and values of every field on a page, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.values: dict[str, Any] = {}
        self._select: tuple[str, bool] | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "option" and self._select is not None:
            self._options.append((given.get("value") or "", "selected" in given))
        if not name or "disabled" in given:
            return
        if tag in {"input", "select", "textarea"}:
            self.names.add(name)
        if tag == "input":
            self._input(name, given)
        elif tag == "select":
            self._select, self._options = (name, "multiple" in given), []
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        kind, value = given.get("type") or "text", given.get("value") or ""
        if kind in {"submit", "button", "file", "image", "password"}:
            return
        if kind in {"checkbox", "radio"}:
            if "checked" in given:
                self.values.setdefault(name, []).append(value or "on")
            elif kind == "radio":
                self.values.setdefault(name, []) or self.values[name].append(value)
            return
        if not value and ("required" in given or name in _WORDS):
            is_day = name.endswith("_on")
            kind = "date" if is_day else kind
            value = _WORDS.get(name) or _FILLED.get(kind, "新写的")
        self.values.setdefault(name, value)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select is not None:
            name, is_multiple = self._select
            chosen = [value for value, selected in self._options if selected]
            offered = [value for value, _ in self._options if value]
            if not any(chosen) and not is_multiple:
                chosen = offered[:1]
            self.values[name] = chosen
            self._select = None
        elif tag == "textarea" and self._area is not None:
            text = self.values[self._area].strip()
            self.values[self._area] = text or "新写的"
            self._area = None


def way_in(visitor: Visitor, entry: Entry) -> tuple[Actor, Planted | None] | None:
    """The first actor and object that the entry lets through."""
    for key in _FIRST.get(entry.name, _ORDER):
        actor = ACTORS[key]
        for place in places_of(visitor, entry, actor):
            planted = visitor.world.find(entry.at, place) if entry.at else None
            if entry.at and planted is None:
                continue
            if expected(entry, "POST", actor, planted) == OK:
                return actor, planted
    return None


def fields_of(body: bytes) -> tuple[set[str], dict[str, Any]]:
    """Names a page shows as fields, and what its form would send."""
    parser = _Fields()
    parser.feed(body.decode("utf-8", "replace"))
    parser.values.pop("csrfmiddlewaretoken", None)
    return parser.names, parser.values


def portal_models() -> Iterator[type[models.Model]]:
    for label in APPS:
        yield from apps.get_app_config(label).get_models(include_auto_created=True)


def smuggled(shown: set[str], written: set[str]) -> dict[str, str]:
    """A value for the name of every field of every model that no field shows.

    Names that several models share take the value that suits a written table.
    """
    known = sorted(portal_models(), key=lambda each: each._meta.db_table in written)
    found = {"pk": "1", "id": "1"}
    for model in known:
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            for name in {field.name, getattr(field, "attname", field.name)}:
                found[name] = _value(field)
    # A page may put a prefix before the names of its forms.
    last = {name.rpartition("-")[2] for name in shown}
    return {name: value for name, value in found.items() if name not in last}


def _value(field: Any) -> str:
    if field.is_relation:
        rows = field.related_model._base_manager.order_by("-pk")
        return str(rows.values_list("pk", flat=True).first() or 1)
    if field.choices:
        return str(field.flatchoices[-1][0])
    if isinstance(field, models.BooleanField):
        return "" if field.default is True else "on"
    if isinstance(field, models.DateTimeField):
        return "2001-02-03 04:05"
    if isinstance(field, models.DateField):
        return "2001-02-03"
    if isinstance(field, models.JSONField):
        return '{"smuggled": 1}'
    if isinstance(field, models.IntegerField | models.DecimalField):
        return "7"
    return "塞入"


def post(
    visitor: Visitor, actor: Actor, url: str, data: dict[str, Any]
) -> tuple[int, set[str], Rows]:
    """Status, tables written and their rows afterwards; all of it rolled back."""
    cache.clear()
    client = visitor.client
    client.cookies = SimpleCookie()
    for name, morsel in visitor.world.cookies.get(actor.key, {}).items():
        client.cookies[name] = morsel.value
    tables: set[str] = set()

    def watch(execute, sql, params, many, context):
        if match := _WRITE.match(sql):
            tables.add(match[1])
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            response = client.post(url, data)
            if response.streaming:
                list(response.streaming_content)
        rows = rows_of(tables)
        transaction.set_rollback(True)
    return response.status_code, tables, rows


def rows_of(tables: set[str]) -> Rows:
    """Rows of the portal's tables, in clear, numbered within each table."""
    found: Rows = {}
    for model in portal_models():
        table = model._meta.db_table
        if table in tables:
            rows = model._base_manager.order_by(*_order(model)).values()
            found |= {(table, number): row for number, row in enumerate(rows)}
    return found


def _order(model: type[models.Model]) -> list[str]:
    """As the rows were made, also where their keys are random."""
    if isinstance(model._meta.pk, models.UUIDField):
        days = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.DateTimeField)
            and (field.auto_now_add or field.has_default())
        ]
        return [*days[:1], "pk"]
    return ["pk"]


def differing(one: Rows, other: Rows) -> set[tuple[str, Any, str]]:
    """Table, row and column of everything that is not the same in both."""
    found = set()
    for key in one.keys() | other.keys():
        if key not in one or key not in other:
            found.add((*key, "row"))
            continue
        found |= {
            (*key, column)
            for column, value in one[key].items()
            if value != other[key][column]
        }
    return found
