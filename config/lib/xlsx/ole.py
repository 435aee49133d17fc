"""Just enough of OLE2 and BIFF to tell .xls files apart; runs in the child."""

from __future__ import annotations

import struct

from config.lib.xlsx.errors import WorkbookError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # sector numbers from here on are marks
_BOF, _EOF, _BOUNDSHEET, _FILEPASS, _FORMULA = 0x0809, 0x000A, 0x0085, 0x002F, 0x0006
_FOREIGN = (
    ("worddocument", "Word 文档"),
    ("powerpoint document", "演示文稿"),
    ("visiodocument", "Visio 绘图"),
)


class Compound:
    """The directory of an OLE2 file, with its streams."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._size = 1 << struct.unpack_from("<H", data, 30)[0]
            if self._size not in (512, 4096):
                raise WorkbookError("damaged")
            self._fat = self._read_fat()
            start = struct.unpack_from("<I", data, 48)[0]
            self.entries = self._read_directory(self._chain(start))
        except (struct.error, UnicodeDecodeError):
            raise WorkbookError("truncated") from None

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if not sector:
            raise WorkbookError("truncated")
        return sector

    def _read_fat(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        following, count = struct.unpack_from("<II", self._data, 68)
        per_sector = self._size // 4
        while following < _END and count and len(numbers) < 100_000:
            block = struct.unpack_from(f"<{per_sector}I", self._sector(following))
            numbers.extend(block[:-1])
            following, count = block[-1], count - 1
        fat: list[int] = []
        for number in numbers:
            if number >= _END:
                break
            fat.extend(struct.unpack_from(f"<{per_sector}I", self._sector(number)))
        return fat

    def _chain(self, number: int) -> bytes:
        """Join a chain of sectors; a loop in it is damage."""
        parts: list[bytes] = []
        while number < _END:
            if len(parts) > len(self._fat) or number >= len(self._fat):
                raise WorkbookError("damaged")
            parts.append(self._sector(number))
            number = self._fat[number]
        return b"".join(parts)

    def _read_directory(self, raw: bytes) -> dict[str, tuple[int, int]]:
        entries: dict[str, tuple[int, int]] = {}
        for offset in range(0, len(raw) - 127, 128):
            length = struct.unpack_from("<H", raw, offset + 64)[0]
            if not raw[offset + 66] or not 2 <= length <= 64:
                continue
            name = raw[offset : offset + length - 2].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", raw, offset + 116)
            entries.setdefault(name.lower(), (start, size))
        return entries

    def stream(self, name: str) -> bytes:
        """Return a stream of 4,096 bytes or more; smaller ones are empty here."""
        start, size = self.entries[name]
        return self._chain(start)[:size] if size >= 4096 else b""


def check_xls(data: bytes) -> dict[int, set[tuple[int, int]]]:
    """Refuse what is no plain BIFF workbook; return its formula cells.

    The result maps a sheet's index to (row number, 0-based column) pairs. BIFF
    keeps formulas as tokens, so their text is not known.
    """
    compound = Compound(data)
    names = compound.entries
    if "encryptedpackage" in names or "encryptioninfo" in names:
        raise WorkbookError("encrypted")
    for name, actual in _FOREIGN:
        if name in names:
            raise WorkbookError("other_office", actual=actual)
    if not {"workbook", "book"} & set(names):
        raise WorkbookError("not_workbook")
    if any("vba" in name or name == "macros" for name in names):
        raise WorkbookError("macro")
    if any(name.startswith("mbd") or name == "\x01ole10native" for name in names):
        raise WorkbookError("embedded")
    return _scan_biff(compound.stream("workbook" if "workbook" in names else "book"))


def _scan_biff(stream: bytes) -> dict[int, set[tuple[int, int]]]:
    starts: dict[int, int] = {}
    formulas: dict[int, set[tuple[int, int]]] = {}
    position, sheet, end = 0, -1, len(stream) - 4
    while position <= end:
        kind, size = struct.unpack_from("<HH", stream, position)
        body = position + 4
        if kind == _FILEPASS:
            raise WorkbookError("encrypted")
        if kind == _BOUNDSHEET and size >= 6:
            if stream[body + 5] == 1:
                raise WorkbookError("macro")
            starts[struct.unpack_from("<I", stream, body)[0]] = len(starts)
        elif kind == _BOF:
            sheet = starts.get(position, sheet)
        elif kind == _FORMULA and size >= 4:
            row, column = struct.unpack_from("<HH", stream, body)
            formulas.setdefault(sheet, set()).add((row + 1, column))
        elif kind == 0 and size == 0:
            break  # padding after the last substream
        position = body + size
    return formulas
