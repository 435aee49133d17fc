"""Raw reads and bulk writes of the import, the same on PostgreSQL and SQLite.

Persons are looked up by the blind index across the whole street: whether somebody is
known elsewhere is what the import has to find out, and only `plan` sees the answer.
Rows stay tuples and encrypted columns stay tokens, which is what makes it quick.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection, models

from members.models import Affiliation, Member
from organizations.models import Organization

_FEW, _MANY = 500, 5_000  # keys in one statement: of SQLite, of PostgreSQL
_HELD = (
    "member_id",
    "organization_id",
    "kind",
    "organization__path",
    "organization__short_name",
)
_SPECIAL = "\\\t\n\r\x00"
_ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""}
)


def columns_of(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def quoted(names: Iterable[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in names)


def table_of(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def chunks(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield as many at a time as one statement of this database takes."""
    listed = list(items)
    size = _FEW if connection.vendor == "sqlite" else _MANY
    for start in range(0, len(listed), size):
        yield listed[start : start + size]


def members_by(
    column: str, values: Iterable[Any], *, lock: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield the rows of members whose `column` is one of `values`, as stored.

    Dates are ISO text and booleans booleans on both databases. With `lock` the rows
    are held to the end of the transaction.
    """
    names = columns_of(Member)
    fields = Member._meta.concrete_fields
    days = [f.column for f in fields if type(f) is models.DateField]
    flags = [f.column for f in fields if isinstance(f, models.BooleanField)]
    is_locking = lock and connection.features.has_select_for_update
    # In the order of the key, so that two imports cannot wait for each other.
    tail = " ORDER BY id FOR UPDATE" if is_locking else ""
    with connection.cursor() as cursor:
        for part in chunks(sorted(set(values))):
            among, given = _among(column, part)
            cursor.execute(
                f"SELECT {quoted(names)} FROM {table_of(Member)} WHERE {among}{tail}",
                given,
            )
            for row in cursor.fetchall():
                found = dict(zip(names, row, strict=True))
                for name in days:
                    if type(value := found[name]) is date:
                        found[name] = value.isoformat()
                for name in flags:
                    found[name] = bool(found[name])
                yield found


def known_indexes(indexes: Iterable[str]) -> set[str]:
    """Return those blind indexes under which somebody is stored."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for part in chunks(sorted(set(indexes))):
            among, given = _among("id_index", part)
            cursor.execute(
                f"SELECT id_index FROM {table_of(Member)} WHERE {among}", given
            )
            found.update(index for (index,) in cursor.fetchall())
    return found


def _among(column: str, keys: list[Any]) -> tuple[str, list[Any]]:
    """Return the condition that `column` is one of these ids or blind indexes.

    `keys` are in order, each once. One array on PostgreSQL, since a constant each
    takes longer to read than to find; neither kind holds a quote or a backslash.
    """
    if column == "id" and keys[-1] - keys[0] + 1 == len(keys):
        # Given out one after the other, as those of an import are.
        return "id BETWEEN %s AND %s", [keys[0], keys[-1]]
    if connection.vendor != "postgresql":
        return f"{column} IN ({', '.join(['%s'] * len(keys))})", keys
    kind = "bigint" if column == "id" else "varchar"
    return f"{column} = ANY(%s::{kind}[])", ['{"' + '","'.join(map(str, keys)) + '"}']


class Held(NamedTuple):
    """A relation of a person to an organization, as far as planning needs it."""

    member_id: int
    organization_id: int
    kind: str
    path: str
    organization: str


def open_affiliations(member_ids: Iterable[int]) -> dict[int, list[Held]]:
    """Return each member's open affiliations."""
    found: dict[int, list[Held]] = {}
    for part in chunks(member_ids):
        rows = Affiliation.objects.open().filter(member_id__in=part)
        for row in rows.values_list(*_HELD):
            found.setdefault(row[0], []).append(Held._make(row))
    return found


def last_affiliations(member_ids: Iterable[int]) -> dict[int, Held]:
    """Return the affiliation that ended last of each member."""
    found: dict[int, Held] = {}
    for part in chunks(member_ids):
        rows = Affiliation.objects.filter(member_id__in=part, ends_on__isnull=False)
        for row in rows.order_by("ends_on", "id").values_list(*_HELD):
            found[row[0]] = Held._make(row)
    return found


def places_since(member_ids: Iterable[int]) -> dict[int, date]:
    """Return where these people ever belonged, and since when the first of them did."""
    found: dict[int, date] = {}
    for part in chunks(member_ids):
        rows = Affiliation.objects.filter(member_id__in=part).order_by()
        firsts = rows.values_list("organization_id").annotate(models.Min("starts_on"))
        for organization_id, first in firsts:
            found[organization_id] = min(found.get(organization_id, first), first)
    return found


def roll_sizes(organization_ids: Iterable[int], kind: str) -> dict[int, int]:
    """Return how many open affiliations of `kind` each organization has."""
    rows = (
        Affiliation.objects.open()
        .filter(organization_id__in=set(organization_ids), kind=kind)
        .values("organization_id")
        .annotate(total=models.Count("id"))
    )
    return {row["organization_id"]: row["total"] for row in rows}


def organization_names(ids: Iterable[int]) -> dict[int, str]:
    rows = Organization.objects.filter(pk__in=set(ids))
    return {
        pk: short or name
        for pk, short, name in rows.values_list("id", "short_name", "name")
    }


# Writing ------------------------------------------------------------------------


def moment(value: datetime) -> str:
    """Return an aware time as this database's raw statements take it.

    As text, made once: each row of an import bears the same.
    """
    return str(connection.ops.adapt_datetimefield_value(value))


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve `count` keys; call it inside the transaction that uses them."""
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                # Materialized, or the name would be looked up for every key.
                "WITH own AS MATERIALIZED"
                " (SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence)"
                " SELECT nextval(own.sequence) FROM own, generate_series(1, %s)",
                [f'"{table}"', key, count],
            )
            return [pk for (pk,) in cursor.fetchall()]
        # The IMMEDIATE transaction holds the only write lock.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return list(range(first, first + count))


def insert_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert raw rows: COPY on PostgreSQL, executemany elsewhere."""
    _insert(table_of(model), columns, rows)


def _insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    if not rows:
        return
    names = quoted(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copy = f"COPY {table} ({names}) FROM STDIN"
            # Django makes its own errors only of what it calls itself.
            with connection.wrap_database_errors:
                cursor.copy_expert(copy, _copy_text(rows))
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def _copy_text(rows: Iterable[Sequence[Any]]) -> io.BytesIO:
    """Return rows in COPY's text format; bytes, of which nothing need be copied."""
    columns = map(_copied, zip(*rows, strict=True))
    lines = map("\t".join, zip(*columns, strict=True))
    return io.BytesIO(("\n".join(lines) + "\n").encode())


def _copied(column: Sequence[Any]) -> Sequence[str]:
    """Return a column as COPY reads it; its texts are looked at all at once."""
    if column.count(column[0]) == len(column) > 1:
        return [*_copied(column[:1])] * len(column)
    kinds = set(map(type, column))
    if str in kinds:
        texts = column if kinds == {str} else [v for v in column if type(v) is str]
        if any(map("".join(texts).__contains__, _SPECIAL)):
            return ["\\N" if value is None else _escaped(value) for value in column]
    if kinds == {str}:
        return column
    return ["\\N" if value is None else str(value) for value in column]


def _escaped(value: Any) -> str:
    return str(value).translate(_ESCAPES)


def copy_history(
    model: type[models.Model],
    ids: Iterable[int],
    event: dict[str, Any],
    *,
    with_keys: bool = False,
) -> dict[int, int]:
    """Give each of these rows a history row as it stands, stamped with `event`.

    Return, `with_keys`, the key of each row's new history row. Inside the database,
    since the rows are there already.
    """
    history = model.history.model
    columns = [c for c in columns_of(history) if c != "history_id" and c not in event]
    found: dict[int, int] = {}
    with connection.cursor() as cursor:
        for part in chunks(sorted(set(ids))):
            among, given = _among("id", part)
            cursor.execute(
                f"INSERT INTO {table_of(history)} ({quoted([*columns, *event])})"
                f" SELECT {quoted(columns)}, {', '.join(['%s'] * len(event))}"
                f" FROM {table_of(model)} WHERE {among}"
                f"{' RETURNING id, history_id' if with_keys else ''}",
                [*event.values(), *given],
            )
            if with_keys:
                found |= cursor.fetchall()
    return found


def update_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    guard: str = "",
) -> int:
    """Set `columns` of rows; each is (id, *values), or (id, expected, *values).

    With `guard` a row is left alone whose column of that name is not as expected.
    Return the number of rows that were set.
    """
    if not rows:
        return 0
    table = table_of(model)
    held = [guard] if guard else []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            wanted = ", ".join(f"{_quote(c)} AS held_{c}" for c in held)
            cursor.execute(
                "CREATE TEMPORARY TABLE roster_changes ON COMMIT DROP AS SELECT"
                f" id, {wanted + ', ' if held else ''}{quoted(columns)}"
                f" FROM {table} LIMIT 0"
            )
            _insert(
                "roster_changes", ["id", *(f"held_{c}" for c in held), *columns], rows
            )
            sets = ", ".join(f"{c} = t.{c}" for c in map(_quote, columns))
            same = "".join(f" AND m.{_quote(c)} = t.held_{c}" for c in held)
            cursor.execute(
                f"UPDATE {table} m SET {sets} FROM roster_changes t"
                f" WHERE m.id = t.id{same}"
            )
            changed = cursor.rowcount
            cursor.execute("DROP TABLE roster_changes")
            return changed
        sets = ", ".join(f"{_quote(c)} = %s" for c in columns)
        same = "".join(f" AND {_quote(c)} = %s" for c in held)
        first = 1 + len(held)
        cursor.executemany(
            f"UPDATE {table} SET {sets} WHERE id = %s{same}",
            [(*row[first:], *row[:first]) for row in rows],
        )
        return cursor.rowcount


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)
