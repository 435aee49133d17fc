"""The user's own workbook, handed back with what is wrong."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from config.lib.xlsx import Workbook, annotate
from members.imports.layout import SheetLayout
from members.imports.lines import Finding
from organizations.models import StoredFile
from organizations.services.files import require_kept

Entry = tuple[str, int, Iterable[Finding], Iterable[Finding]]


@contextlib.contextmanager
def local_copy(stored: StoredFile) -> Iterator[Path]:
    """Give an upload as a file on this machine, wherever it is kept.

    Raises RuleError when its time has passed.
    """
    require_kept(stored)
    with tempfile.NamedTemporaryFile(suffix=".upload") as copy:
        with stored.file.open("rb") as source:
            shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        yield Path(copy.name)


def write_marked(
    source: Path,
    out: Path,
    *,
    original_name: str,
    layouts: list[SheetLayout],
    entries: Iterable[Entry],
    workbook: Workbook | None = None,
) -> None:
    """Write the upload to `out` with a column 错误说明 and its wrong cells in red.

    A reminder is written in that column too, but colours nothing: only what is red
    must be put right.
    """
    read = [layout for layout in layouts if layout.is_read]
    marks: dict[str, dict[int, list[tuple[int | None, str]]]] = {
        layout.name: {} for layout in read
    }
    for sheet, number, errors, warnings in entries:
        found = [(item.place, item.message) for item in errors]
        found += [(None, f"提醒：{item.message}") for item in warnings]
        if found:
            marks[sheet][number] = found
    annotate(
        source,
        original_name=original_name,
        errors=marks,
        out=out,
        headings={layout.name: layout.heading for layout in read},
        workbook=workbook,
    )
