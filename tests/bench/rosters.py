"""Roster files of new people, as the national system exports them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from config.lib.xlsx import Column, Sheet, write_table
from tests.bench.people import HEADINGS, Size, in_words, person

# Of this many rows one has a wrong check digit, which the portal must refuse.
WRONG_EVERY = 100
_DATES = {"born_on", "joined_on", "confirmed_on", "lost_since"}


def new_people(size: Size) -> range:
    return range(size.members, size.members + size.imported)


def is_wrong(number: int) -> bool:
    return number % WRONG_EVERY == 50


def write_roster_file(path: Path, size: Size, today: date) -> None:
    rows = []
    for number in new_people(size):
        row = in_words(person(number, size, today), size)
        if is_wrong(number):
            row["id_number"] = _spoiled(row["id_number"])
        rows.append([row[name] for name in HEADINGS])
    columns = [
        Column(heading, "date" if name in _DATES else "text")
        for name, heading in HEADINGS.items()
    ]
    write_table(path, sheets=[Sheet("党员", columns, rows)])


def _spoiled(number: str) -> str:
    last = "0" if number[-1] == "X" else str((int(number[-1]) + 1) % 10)
    return number[:-1] + last
