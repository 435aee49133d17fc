"""Uploaded workbooks as plain rows, parsed in a disposable process."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.kinds import check_extension
from config.lib.xlsx.limits import Limits
from config.lib.xlsx.sandbox import Child, current_limits, file_extension
from config.lib.xlsx.spool import Part, Row, unpack


class Rows:
    """The rows of a sheet, read again from disk at each pass: flat memory."""

    def __init__(self, spool: IO[bytes], chunks: list[tuple[int, int, int]]) -> None:
        self._spool = spool
        self._chunks = chunks
        self._firsts = [0]
        for _start, _size, count in chunks:
            self._firsts.append(self._firsts[-1] + count)

    def __len__(self) -> int:
        return self._firsts[-1]

    def __iter__(self) -> Iterator[Row]:
        for part in self.parts():
            yield from part.rows()

    def parts(self) -> Iterator[Part]:
        """Yield the rows some hundreds at a time, in columns."""
        return map(self._load, range(len(self._chunks)))

    def __getitem__(self, index: int) -> Row:
        """Return the row at a 0-based place among the rows not blank."""
        index = index + len(self) if index < 0 else index
        if not 0 <= index < len(self):
            raise IndexError("row out of range")
        chunk = bisect_right(self._firsts, index) - 1
        return self._load(chunk).rows()[index - self._firsts[chunk]]

    def _load(self, index: int) -> Part:
        start, size, _count = self._chunks[index]
        try:
            return unpack(os.pread(self._spool.fileno(), size, start))
        except (KeyError, TypeError, ValueError):
            raise WorkbookError("damaged") from None


@dataclass(frozen=True, slots=True)
class SheetData:
    """A sheet that was read; `width` is the widest row's number of values."""

    name: str
    hidden: bool
    width: int
    rows: Rows


@dataclass(slots=True)
class Workbook:
    """An upload that was read; its rows vanish with `close` or this object.

    Until then the process that read an .xlsx waits to be asked for a marked copy.
    """

    kind: str
    sheets: list[SheetData]
    child: Child = field(repr=False)

    def __getitem__(self, name: str) -> SheetData:
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        raise KeyError(name)

    def close(self) -> None:
        self.child.forget()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_workbook(
    path: Path, *, original_name: str, limits: Limits | None = None
) -> Workbook:
    """Read an upload; `original_name` gives the extension that was claimed.

    Values are text, numbers, dates or None, never ''. Raises WorkbookError with a
    Chinese sentence for anything that is not a decent workbook.
    """
    limits = limits or current_limits()
    extension = file_extension(original_name)
    check_extension(extension)
    child = Child(Path(path), extension, limits)
    try:
        sheets = [
            SheetData(name, hidden, width, Rows(child.rows, chunks))
            for name, hidden, width, chunks in child.ask("read")["sheets"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        child.forget()
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("damaged") from None
    except BaseException:
        child.forget()
        raise
    if extension != "xlsx":
        child.close()  # it is made anew to be marked, from the rows
    return Workbook(extension, sheets, child)
