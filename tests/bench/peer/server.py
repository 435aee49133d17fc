"""The peer's process: one JSON command a line in, one JSON answer a line out."""

from __future__ import annotations

import html
import json
import os
import re
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q
from django.test import Client
from import_export.formats.base_formats import DEFAULT_FORMATS, XLSX

from config.lib.names import pinyin
from tests.bench.clock import check_references, peak_memory, queries_of, timed
from tests.bench.peer.models import Branch, Community, Member, Unit
from tests.bench.people import (
    Size,
    branch_names,
    community_names,
    community_of_branch,
    in_words,
    person,
    unit_name,
)

_client = Client()
_FORMAT = DEFAULT_FORMATS.index(XLSX)
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?')
_CONFIRMED = ("import_file_name", "original_file_name", "format", "resource")


def build(size: dict[str, Any], today: str) -> dict[str, Any]:
    """Make the tables and fill them with the same people."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS peer CASCADE")
        cursor.execute("CREATE SCHEMA peer")
    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.create_superuser("peer", password="peer")
    _fill(Size(**size), date.fromisoformat(today))
    return {"members": Member.objects.count()}


def _fill(size: Size, today: date) -> None:
    names = community_names()[: size.communities]
    places = Community.objects.bulk_create(Community(name=f"{n}社区") for n in names)
    branches = []
    for number in range(size.branch_count):
        name, short = branch_names(number, size)
        place = places[community_of_branch(number, size)]
        branches.append(Branch(name=name, short_name=short, community=place))
    branches = Branch.objects.bulk_create(branches)
    units = Unit.objects.bulk_create(Unit(name=unit_name(n)) for n in range(size.units))
    for start in range(0, size.members, 5_000):
        numbers = range(start, min(start + 5_000, size.members))
        Member.objects.bulk_create(
            _member(person(n, size, today), size, places, branches, units)
            for n in numbers
        )


def _member(
    found: dict[str, Any],
    size: Size,
    places: list[Community],
    branches: list[Branch],
    units: list[Unit],
) -> Member:
    values = in_words(found, size)
    unit = found["home_unit"]
    return Member(
        **values
        | {
            "name_pinyin": pinyin(found["name"]),
            "category": found["category"],
            "branch": branches[found["branch"]],
            "home_unit": None if unit is None else units[unit],
            "community": places[found["community"]],
        }
    )


def login() -> dict[str, Any]:
    _client.force_login(User.objects.get(username="peer"))
    return {}


def _fetch(url: str) -> Any:
    answer = _client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer


def page(url: str, repeat: int) -> dict[str, Any]:
    return timed(lambda: _fetch(url), repeat).as_json()


def page_queries(url: str) -> dict[str, Any]:
    found = {}

    def work() -> None:
        found["rows"] = _fetch(url).content.count(b'<th class="field-name">')

    return {"queries": queries_of(work), **found}


def found_by(text: str) -> dict[str, Any]:
    """How many the admin's search finds, counted apart from its page."""
    wanted = Q(name__icontains=text) | Q(name_pinyin__icontains=text)
    rows = Member.objects.filter(wanted | Q(id_number__icontains=text))
    return {"found": rows.count()}


_IMPORT = "/admin/peer/member/import/"


def _preview(path: str) -> Any:
    """Upload to the admin: it tries the import and shows what each row would do."""
    with Path(path).open("rb") as file:
        answer = _client.post(
            _IMPORT, {"import_file": file, "format": _FORMAT, "resource": ""}
        )
    assert answer.status_code == 200, answer.status_code
    found = dict(_HIDDEN.findall(answer.content.decode()))
    return {name: html.unescape(found[name]) for name in _CONFIRMED}


def _confirm(wanted: dict[str, Any]) -> None:
    """Confirm: it reads the file again, imports, and writes the admin's log."""
    answer = _client.post("/admin/peer/member/process_import/", wanted)
    assert answer.status_code == 302, answer.status_code


def _import(path: str) -> dict[str, Any]:
    """Both steps, as its pages take them; CPU of each."""
    forms: list[dict[str, Any]] = []
    preview = timed(lambda: forms.append(_preview(path)))
    confirmed = timed(lambda: (_confirm(forms[0]), check_references()))
    return {
        "preview": preview.as_json(),
        "confirmed": confirmed.as_json(),
        "members": Member.objects.count(),
        "logged": LogEntry.objects.count(),
    }


def import_twice(path: str) -> dict[str, Any]:
    """Import a roster of new people and the same again; all is taken back."""
    with transaction.atomic():
        first, second = _import(path), _import(path)
        transaction.set_rollback(True)
    return {"first": first, "second": second, "peak": peak_memory()}


def import_queries(path: str) -> dict[str, Any]:
    with transaction.atomic():
        wanted = _preview(path)
        number = queries_of(lambda: _confirm(wanted))
        transaction.set_rollback(True)
    return {"queries": number}


COMMANDS: dict[str, Callable[..., dict[str, Any]]] = {
    command.__name__: command
    for command in (
        build,
        login,
        page,
        page_queries,
        found_by,
        import_twice,
        import_queries,
    )
}


def main() -> None:
    # Whatever else prints must not stand between two answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        command = json.loads(line)
        answer = COMMANDS[command.pop("do")](**command)
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()
