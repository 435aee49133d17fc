"""Builders of raw .xlsx and OLE2 files, good and bad."""

import io
import struct
import zipfile

_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def sheet(data: str, before: str = "", after: str = "", prefix: str = "") -> str:
    """Return a worksheet part; `prefix` such as "x:" spells out the namespace."""
    mark = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return (
        f'<{prefix}worksheet {mark}="{_MAIN}">{before}<{prefix}sheetData>{data}'
        f"</{prefix}sheetData>{after}</{prefix}worksheet>"
    )


GOOD = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>')


def parts(content: str = GOOD, **changes: str | bytes | None) -> dict[str, str | bytes]:
    """Return the parts of a small workbook; None removes one, `__` stands for /."""
    main = f"{_SHEET_TYPE}.sheet.main+xml"
    found: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        f' ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        '<sheet name="名单" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships"
        f' xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": content,
    }
    for name, value in changes.items():
        path = name.replace("__", "/")
        if value is None:
            del found[path]
        else:
            found[path] = value
    return found


def pack(found: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Zip the parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in found.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def book(content: str = GOOD, extra: dict[str, str | bytes] | None = None) -> bytes:
    """Return a workbook with one sheet and extra parts."""
    return pack(parts(content) | (extra or {}))


def ole(streams: dict[str, bytes]) -> bytes:
    """Return an OLE2 file of 512-byte sectors with the named streams."""
    bodies, fat, entries = b"", [0xFFFFFFFD], [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    sectors = (len(streams) + 4) // 4
    fat += [2 + number for number in range(sectors - 1)] + [0xFFFFFFFE]
    for name, content in streams.items():
        padded = content.ljust(4096, b"\x00")
        padded += b"\x00" * (-len(padded) % 512)
        start = len(fat)
        count = len(padded) // 512
        fat += [start + number + 1 for number in range(count - 1)] + [0xFFFFFFFE]
        entries.append(_entry(name, 2, start, len(padded)))
        bodies += padded
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        *(0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0),
    ) + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", *fat[:128], *[0xFFFFFFFF] * (128 - len(fat)))
    return header + table + b"".join(entries).ljust(sectors * 512, b"\x00") + bodies


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    return (
        encoded.ljust(64, b"\x00")
        + struct.pack("<HBB", len(encoded), kind, 1)
        + struct.pack("<III", *[0xFFFFFFFF] * 3)
        + b"\x00" * 36
        + struct.pack("<IQ", start, size)
    )


def record(kind: int, body: bytes) -> bytes:
    """Return one BIFF record."""
    return struct.pack("<HH", kind, len(body)) + body


BOF = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
EOF = record(0x000A, b"")
