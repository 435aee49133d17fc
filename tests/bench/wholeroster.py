"""Measure 7: the roster of the whole street as a workbook, against the limit.

The limit is the least that gives the same cells: one server-side cursor, the sealed
columns opened, row XML put together by hand, zlib.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from config.lib.crypto import decrypt
from members.models import Member
from organizations.models import Organization, User
from reports import roster
from reports.services import exports
from tests.bench.people import Size, person

_EPOCH = date(1899, 12, 30).toordinal()
_ROW = re.compile(rb"<row ")
_ID_NUMBER = re.compile(rb"<t>(220299\d{11}[\dX])</t>")
_SEALED = ("id_number", "phone", "address", "household_address")
_SQL = """
    SELECT m.name, m.sex, m.id_number, m.ethnicity, m.born_on, m.education,
           m.member_type, m.degree, o.name, m.phone, m.joined_on, m.confirmed_on,
           m.job_post, m.address, m.household_address, m.is_lost, m.is_mobile,
           m.lost_since, m.status, m.category, m.job_title, u.name, m.native_place,
           c.name
    FROM members_affiliation a
    JOIN members_member m ON m.id = a.member_id
    JOIN organizations_organization o ON o.id = a.organization_id
    LEFT JOIN organizations_workunit u ON u.id = m.home_unit_id
    LEFT JOIN organizations_community c ON c.id = m.community_id
    WHERE a.ends_on IS NULL AND a.kind = 'on_roll'
    AND o.path >= %s AND o.path < %s
    ORDER BY o.path, m.name_pinyin, m.id
"""


def ours(place: Organization, user: User, path: Path) -> int:
    """The export as the job makes it, with every sensitive column: 25 columns."""
    query = roster.RosterQuery(place, with_id_number=True, with_contact=True)
    info = exports.info_for(
        organization=place, actor=user, filters=query.words(), purpose="测量"
    )
    _, rows = roster.write_roster(query, user, path, info)
    return rows


def limit(place: Organization, user: User, path: Path) -> int:
    """The same cells with nothing around them."""
    columns = [f"{chr(65 + n)}" for n in range(25)]
    labels = [f"members.Member.{name}" for name in _SEALED]
    sealed = dict(zip((2, 9, 13, 14), labels, strict=True))
    words = _converters()
    rows = 0
    with (
        transaction.atomic(),
        connection.connection.cursor(name="limit") as cursor,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream,
    ):
        cursor.itersize = 2000
        cursor.execute(_SQL, [place.path, place.path + ":"])
        batch: list[str] = []
        for values in cursor:
            rows += 1
            batch.append(_row_xml(rows, values, columns, sealed, words))
            if len(batch) == 500:
                stream.write("".join(batch).encode())
                batch.clear()
        stream.write("".join(batch).encode())
    return rows


def _converters() -> dict[int, Callable[[Any], Any]]:
    """Words of the coded columns, by place; from the portal's own columns."""
    return {n: c.convert for n, c in enumerate(roster._COLUMNS) if c.convert}


def _row_xml(
    number: int,
    values: tuple[Any, ...],
    columns: list[str],
    sealed: dict[int, str],
    words: dict[int, Callable[[Any], Any]],
) -> str:
    parts = [f'<row r="{number}"><c r="A{number}"><v>{number}</v></c>']
    for place, value in enumerate(values):
        if value is None or value == "":
            continue
        letter = columns[place + 1]
        if type(value) is date:
            serial = value.toordinal() - _EPOCH
            parts.append(f'<c r="{letter}{number}" s="3"><v>{serial}</v></c>')
            continue
        if place in sealed:
            value = decrypt(value, sealed[place])
        elif place in words:
            value = words[place](value)
        parts.append(
            f'<c r="{letter}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
        )
    parts.append("</row>")
    return "".join(parts)


WRITERS = {"ours": ours, "limit": limit}


def check(path: Path, size: Size, numbers: Iterator[int], today: date) -> None:
    """Every ID number once, and not one more."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    found = _ID_NUMBER.findall(xml)
    wanted = {person(n, size, today)["id_number"].encode() for n in numbers}
    assert len(found) == len(wanted), (len(found), len(wanted))
    assert set(found) == wanted
    assert len(_ROW.findall(xml)) - len(found) in {0, 1}  # and the headings


def sealed_labels_hold() -> None:
    """The limit opens tokens by the labels that the model has sealed them with."""
    for name in _SEALED:
        assert Member._meta.get_field(name).label == f"members.Member.{name}"
