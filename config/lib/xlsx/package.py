"""Checks on the zip of an .xlsx before a parser sees it; runs in the child."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from typing import cast

from isal import isal_zlib

from config.lib.xlsx.errors import WorkbookError
from config.lib.xlsx.limits import MEGABYTE, Limits

# The stub calls the class an instance.
_BROKEN = cast(type[Exception], isal_zlib.IsalError)
_CHUNK = 1 << 20
_KEPT = 64 * MEGABYTE  # inflated bytes
_RATIO_FLOOR = MEGABYTE  # a small part of blanks may compress without malice
_LOCAL = struct.Struct("<4s22xHH")
_ENCODING = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)""")
_EXTERNAL = re.compile(rb"<[^<>]*TargetMode\s*=\s*[\"']External[\"'][^<>]*>")
_HYPERLINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")

_BANNED = (
    ("macro", re.compile(r"vbaProject|^xl/(macrosheets|dialogsheets)/", re.I)),
    ("active_x", re.compile(r"(^|/)activex/", re.I)),
    ("embedded", re.compile(r"(^|/)embeddings/|(^|/)oleobject", re.I)),
    ("external_links", re.compile(r"(^|/)externallinks/", re.I)),
    ("connections", re.compile(r"^xl/(connections\.xml|querytables/)", re.I)),
)
_OTHER_KINDS = (
    ("word/document.xml", "other_office", "Word 文档"),
    ("ppt/presentation.xml", "other_office", "演示文稿"),
    ("xl/workbook.bin", "other_sheet", "二进制工作簿（.xlsb）"),
    ("content.xml", "other_sheet", "OpenDocument（.ods）"),
)


class Package:
    """The parts of a checked .xlsx, inflated once and counted meanwhile."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._data = data
        self._limits = limits
        self._spent = 0
        self._is_checked = False
        self._kept: dict[str, bytes] = {}  # unless they are very big
        try:
            infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
        except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
            raise WorkbookError("truncated") from None
        self._infos = {info.filename: info for info in infos}
        self._check_directory(infos)

    def _check_directory(self, infos: list[zipfile.ZipInfo]) -> None:
        if len(infos) > self._limits.entries:
            raise WorkbookError(
                "too_many_parts", count=len(infos), limit=self._limits.entries
            )
        if len(self._infos) != len(infos):
            raise WorkbookError("damaged")
        if any(info.flag_bits & 0x1 for info in infos):
            raise WorkbookError("encrypted")
        for name in self._infos:
            for code, pattern in _BANNED:
                if pattern.search(name.replace("\\", "/")):
                    raise WorkbookError(code)
        for part, code, actual in _OTHER_KINDS:
            if part in self._infos:
                raise WorkbookError(code, actual=actual)
        if "[Content_Types].xml" not in self._infos:
            raise WorkbookError("not_workbook")

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """Yield (name, bytes) of every part, its text checked the first time."""
        self._spent = 0
        for name in self._infos:
            content = self._kept.get(name) or self._read(name)
            if not self._is_checked:
                _check_xml(name, content)
                if self._spent <= _KEPT:
                    self._kept[name] = content
            yield name, content
        self._is_checked = True

    def read(self, name: str) -> bytes:
        """Inflate one part of a package whose parts() have been counted."""
        self._spent = 0
        return self._read(name)

    def _read(self, name: str) -> bytes:
        info = self._infos[name]
        raw = self._raw(info)
        if info.compress_type == zipfile.ZIP_STORED:
            content = bytes(raw)
            self._spend(len(content))
        elif info.compress_type == zipfile.ZIP_DEFLATED:
            content = self._inflate(raw)
        else:
            raise WorkbookError("damaged")
        if len(content) != info.file_size or isal_zlib.crc32(content) != info.CRC:
            raise WorkbookError("damaged")
        return content

    def _raw(self, info: zipfile.ZipInfo) -> memoryview:
        start = info.header_offset
        header = self._data[start : start + _LOCAL.size]
        if start < 0 or len(header) < _LOCAL.size:
            raise WorkbookError("truncated")
        magic, name_size, extra_size = _LOCAL.unpack(header)
        start += _LOCAL.size + name_size + extra_size
        end = start + info.compress_size
        if magic != b"PK\x03\x04" or end > len(self._data):
            raise WorkbookError("truncated")
        return memoryview(self._data)[start:end]

    def _inflate(self, raw: memoryview) -> bytes:
        """Inflate by pieces: the declared size is not to be trusted."""
        engine = isal_zlib.decompressobj(-15)
        pieces: list[bytes] = []
        size, left = 0, bytes(raw)
        try:
            while not engine.eof:
                piece = engine.decompress(left, _CHUNK)
                left = engine.unconsumed_tail
                if not piece and not left:
                    break
                pieces.append(piece)
                size += len(piece)
                self._spend(len(piece))
                if size > _RATIO_FLOOR and size > len(raw) * self._limits.ratio:
                    raise WorkbookError("ratio", limit=self._limits.ratio)
        except _BROKEN:
            raise WorkbookError("damaged") from None
        return b"".join(pieces)

    def _spend(self, size: int) -> None:
        self._spent += size
        if self._spent > self._limits.inflated:
            raise WorkbookError("inflated", limit=self._limits.inflated // MEGABYTE)


def _check_xml(name: str, content: bytes) -> None:
    lower = name.lower()
    if not (
        lower.endswith((".xml", ".rels", ".vml")) or content[:64].lstrip()[:1] == b"<"
    ):
        return
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:256]:
        raise WorkbookError("xml_encoding")
    declared = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf").lstrip())
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
        raise WorkbookError("xml_encoding")
    # One sign is found twenty times as quickly as a word, and most sheets lack it.
    if b"!" in content and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
        raise WorkbookError("doctype")
    if lower == "[content_types].xml":
        _check_content_types(content)
    elif lower.endswith(".rels"):
        for relation in _EXTERNAL.finditer(content):
            if not _HYPERLINK.search(relation[0]):
                raise WorkbookError("external_links")


def _check_content_types(content: bytes) -> None:
    lower = content.lower()
    if b"macroenabled" in lower or b"vbaproject" in lower:
        raise WorkbookError("macro")
    if b"activex" in lower:
        raise WorkbookError("active_x")
    if b"spreadsheetml" not in lower:
        raise WorkbookError("not_workbook")
