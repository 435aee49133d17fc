"""Hostile and broken uploads: (name, file name, bytes, expected code)."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.lib.xlsx.build import BOF, EOF, GOOD, book, ole, pack, parts, record, sheet

SAMPLES = Path(__file__).parents[2] / "samples"
MEGABYTE = 1024 * 1024
_XML = "xl/worksheets/sheet1.xml"


def _cell(reference: str, row: int | str) -> str:
    return sheet(f'<row r="{row}"><c r="{reference}"><v>1</v></c></row>')


def _many_rows(count: int) -> str:
    rows = (f"<row><c><v>{n * 7919}</v></c></row>" for n in range(count))
    return sheet("".join(rows))


def _merge(*ranges: str) -> str:
    cells = "".join(f'<mergeCell ref="{found}"/>' for found in ranges)
    return sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        after=f"<mergeCells>{cells}</mergeCells>",
    )


def _rels(kind: str, mode: str = "External") -> bytes:
    return book(
        extra={
            "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships xmlns="x">'
            f'<Relationship Id="rId9" Type="http://x/relationships/{kind}"'
            f' Target="file:///etc/passwd" TargetMode="{mode}"/></Relationships>'
        }
    )


def _bomb(size: int) -> bytes:
    """Return a workbook with a part of `size` blanks."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        with archive.open("xl/media/a.bin", "w", force_zip64=True) as part:
            for _ in range(size // MEGABYTE):
                part.write(b" " * MEGABYTE)
    return buffer.getvalue()


def _slow_bomb() -> bytes:
    """Return 300 MB of text whose ratio stays below the limit of one part."""
    block = b"".join(b"%08x" % (zlib.crc32(b"%d" % n)) for n in range(9000))
    block += b" " * (MEGABYTE * 3 - len(block))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        for number in range(100):
            archive.writestr(f"xl/media/{number}.bin", block)
    return buffer.getvalue()


def _liar() -> bytes:
    """Return a zip whose directory says a part is smaller than it is."""
    data = bytearray(book(sheet("<row r='1'/>" * 5000)))
    name = _XML.encode()
    at = data.rindex(name) - 46
    struct.pack_into("<I", data, at + 24, 100)
    return bytes(data)


def _flag_encrypted() -> bytes:
    data = bytearray(book())
    at = data.rindex(_XML.encode()) - 46
    data[at + 8] |= 1
    return bytes(data)


def _flipped() -> bytes:
    """Return a zip with one byte of a part's content turned."""
    data = bytearray(pack(parts(), zipfile.ZIP_STORED))
    at = data.index("姓名".encode())
    data[at] ^= 0xFF
    return bytes(data)


def _twice() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
        archive.filelist[-1].filename = "xl/workbook.xml"
        archive.filelist[-1].orig_filename = "xl/workbook.xml"
    return buffer.getvalue()


def _types(text: str) -> bytes:
    found = parts()
    types = str(found["[Content_Types].xml"])
    found["[Content_Types].xml"] = types.replace("</Types>", text + "</Types>")
    return pack(found)


def _without(name: str) -> bytes:
    found = parts()
    del found[name]
    return pack(found)


def _amplified() -> bytes:
    """Return 200,000 references to one text of 32,000 characters."""
    rows = "".join(
        f'<row r="{n}">'
        + "".join(f'<c s="{n * 31 % 977}" t="s"><v>0</v></c>' for _ in range(20))
        + f"<c><v>{n * 7919}</v></c></row>"
        for n in range(1, 10_001)
    )
    found = parts(sheet(rows))
    rels = str(found["xl/_rels/workbook.xml.rels"])
    found["xl/_rels/workbook.xml.rels"] = rels.replace(
        "</Relationships>",
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument'
        '/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
    )
    found["xl/sharedStrings.xml"] = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        f"><si><t>{'长' * 32_000}</t></si></sst>"
    )
    return pack(found)


def _xls(*records: bytes, **streams: bytes) -> bytes:
    return ole({"Workbook": BOF + b"".join(records) + EOF, **streams})


def _sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def _loop() -> bytes:
    data = bytearray(ole({"Workbook": BOF + EOF}))
    struct.pack_into("<I", data, 512 + 4, 1)  # the directory's chain bites its tail
    return bytes(data)


_DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + GOOD
)
_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(f'<!ENTITY lol{n} "{"&lol;" * 10}">' for n in range(9))
    + "]>"
    + GOOD
)
_BOUNDSHEET_MACRO = record(0x0085, struct.pack("<IBB", 0, 0, 1) + b"\x01\x00m")

Case = tuple[str, str, Callable[[], bytes], str]
CASES: list[Case] = [
    # names and kinds
    ("no extension", "roster", book, "no_extension"),
    ("pdf", "a.pdf", lambda: b"%PDF-1.7", "extension"),
    ("executable", "a.exe", lambda: b"MZ", "extension"),
    ("macro by name", "a.xlsm", book, "macro"),
    ("binary workbook by name", "a.xlsb", book, "other_sheet"),
    ("opendocument by name", "a.ods", book, "other_sheet"),
    ("wps by name", "a.et", book, "other_sheet"),
    (
        "xls called xlsx",
        "a.xlsx",
        lambda: _sample("roster-town.xls"),
        "wrong_extension",
    ),
    ("xlsx called xls", "a.xls", book, "wrong_extension"),
    ("xlsx called csv", "a.csv", book, "wrong_extension"),
    (
        "web page called xls",
        "a.xls",
        lambda: b"<html><table></table>",
        "wrong_extension",
    ),
    (
        "xml called xls",
        "a.xls",
        lambda: b"<?xml version='1.0'?><W/>",
        "wrong_extension",
    ),
    ("text called xlsx", "a.xlsx", lambda: "姓名,性别\n".encode(), "wrong_extension"),
    ("xxe in bare xml", "a.xls", lambda: _DOCTYPE.encode(), "doctype"),
    ("pdf called xlsx", "a.xlsx", lambda: b"%PDF-1.7 ...", "not_workbook"),
    ("rar called xlsx", "a.xlsx", lambda: b"Rar!\x1a\x07\x00", "not_workbook"),
    ("picture called xls", "a.xls", lambda: b"\x89PNG\r\n\x1a\n", "not_workbook"),
    ("noise", "a.xlsx", lambda: bytes(range(256)) * 20, "not_workbook"),
    ("nothing", "a.xlsx", lambda: b"", "empty_file"),
    (
        "too large",
        "a.xlsx",
        lambda: b"PK\x03\x04" + b"\x00" * 21 * MEGABYTE,
        "too_large",
    ),
    # the zip
    ("half", "a.xlsx", lambda: _sample("roster-national.xlsx")[:20_000], "truncated"),
    (
        "only a local header",
        "a.xlsx",
        lambda: b"PK\x03\x04" + b"\x00" * 60,
        "truncated",
    ),
    ("plain zip", "a.xlsx", lambda: pack({"a.txt": "x"}), "not_workbook"),
    ("empty zip", "a.xlsx", lambda: pack({}), "not_workbook"),
    (
        "word",
        "a.xlsx",
        lambda: book(extra={"word/document.xml": "<w/>"}),
        "other_office",
    ),
    (
        "slides",
        "a.xlsx",
        lambda: book(extra={"ppt/presentation.xml": "<p/>"}),
        "other_office",
    ),
    (
        "binary workbook inside",
        "a.xlsx",
        lambda: book(extra={"xl/workbook.bin": b"x"}),
        "other_sheet",
    ),
    (
        "2,000 parts",
        "a.xlsx",
        lambda: book(extra={f"xl/media/{n}.bin": b"" for n in range(2000)}),
        "too_many_parts",
    ),
    ("1 GB of blanks", "a.xlsx", lambda: _bomb(1024 * MEGABYTE), "ratio"),
    ("300 MB in pieces", "a.xlsx", _slow_bomb, "inflated"),
    ("false size", "a.xlsx", _liar, "damaged"),
    ("flipped byte", "a.xlsx", _flipped, "damaged"),
    ("part twice", "a.xlsx", _twice, "damaged"),
    ("zip password", "a.xlsx", _flag_encrypted, "encrypted"),
    (
        "bzip2",
        "a.xlsx",
        lambda: pack(parts(), zipfile.ZIP_BZIP2),
        "damaged",
    ),
    ("no workbook part", "a.xlsx", lambda: _without("xl/workbook.xml"), "no_sheets"),
    ("no sheet part", "a.xlsx", lambda: _without(_XML), "damaged"),
    ("no root relation", "a.xlsx", lambda: _without("_rels/.rels"), "damaged"),
    # what it carries
    ("macro", "a.xlsx", lambda: book(extra={"xl/vbaProject.bin": b"x"}), "macro"),
    (
        "macro by content type",
        "a.xlsx",
        lambda: _types('<Override ContentType="a.macroEnabled.main+xml"/>'),
        "macro",
    ),
    (
        "excel 4 macro sheet",
        "a.xlsx",
        lambda: book(extra={"xl/macrosheets/sheet1.xml": "<x/>"}),
        "macro",
    ),
    (
        "activex",
        "a.xlsx",
        lambda: book(extra={"xl/activeX/activeX1.xml": "<x/>"}),
        "active_x",
    ),
    (
        "embedded object",
        "a.xlsx",
        lambda: book(extra={"xl/embeddings/oleObject1.bin": b"x"}),
        "embedded",
    ),
    (
        "external link",
        "a.xlsx",
        lambda: book(extra={"xl/externalLinks/externalLink1.xml": "<x/>"}),
        "external_links",
    ),
    ("external picture", "a.xlsx", lambda: _rels("image"), "external_links"),
    (
        "data connection",
        "a.xlsx",
        lambda: book(extra={"xl/connections.xml": "<x/>"}),
        "connections",
    ),
    ("xxe", "a.xlsx", lambda: book(_DOCTYPE), "doctype"),
    ("billion laughs", "a.xlsx", lambda: book(_LAUGHS), "doctype"),
    (
        "xxe in relations",
        "a.xlsx",
        lambda: book(extra={"xl/_rels/x.rels": "<!DOCTYPE x><x/>"}),
        "doctype",
    ),
    (
        "utf-16",
        "a.xlsx",
        lambda: pack(parts() | {_XML: GOOD.encode("utf-16")}),
        "xml_encoding",
    ),
    (
        "latin-1",
        "a.xlsx",
        lambda: book('<?xml version="1.0" encoding="ISO-8859-1"?>' + GOOD),
        "xml_encoding",
    ),
    # the sheet
    (
        "row of eleven digits",
        "a.xlsx",
        lambda: book(_cell("A1", 99999999999)),
        "row_number",
    ),
    ("row 0", "a.xlsx", lambda: book(_cell("A1", 0)), "row_number"),
    ("row 1048577", "a.xlsx", lambda: book(_cell("A1", 1048577)), "row_number"),
    ("row of letters", "a.xlsx", lambda: book(_cell("A1", "abc")), "damaged"),
    (
        "cell at XFD1048576",
        "a.xlsx",
        lambda: book(_cell("XFD1048576", 1048576)),
        "far_row",
    ),
    (
        "cell XFD1048576 in row 1",
        "a.xlsx",
        lambda: book(_cell("XFD1048576", 1)),
        "too_many_columns",
    ),
    ("column GS", "a.xlsx", lambda: book(_cell("GS1", 1)), "too_many_columns"),
    (
        "column hidden by a tab",
        "a.xlsx",
        lambda: book(_cell("A1", 1).replace(' r="A1"', "\tr='XFD1'")),
        "too_many_columns",
    ),
    (
        "row hidden in a cell's reference",
        "a.xlsx",
        lambda: book(sheet('<row><c r="A1048576"><v>1</v></c></row>')),
        "far_row",
    ),
    (
        "200,000 rows",
        "a.xlsx",
        lambda: book(_many_rows(200_000)),
        "too_many_rows",
    ),
    (
        "merged over everything",
        "a.xlsx",
        lambda: book(_merge("A1:ZZ2000")),
        "merged_cells",
    ),
    (
        "merged outside",
        "a.xlsx",
        lambda: book(_merge("A1:ZZZ9999999")),
        "merged_cells",
    ),
    ("merged nonsense", "a.xlsx", lambda: book(_merge("A1:")), "merged_cells"),
    (
        "30,000 merges",
        "a.xlsx",
        lambda: book(_merge(*[f"A{n}:B{n}" for n in range(1, 30_001)])),
        "merged_cells",
    ),
    (
        "open cell",
        "a.xlsx",
        lambda: book(GOOD.replace("</is></c>", "")),
        "damaged",
    ),
    ("cut sheet", "a.xlsx", lambda: book(GOOD[: len(GOOD) // 2]), "damaged"),
    (
        "text that is not there",
        "a.xlsx",
        lambda: book(sheet('<row r="1"><c r="A1" t="s"><v>5</v></c></row>')),
        "damaged",
    ),
    ("no cells", "a.xlsx", lambda: book(sheet("")), "empty"),
    ("amplified text", "a.xlsx", _amplified, "memory"),
    # .xls
    (
        "encrypted xlsx",
        "a.xlsx",
        lambda: ole({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}),
        "encrypted",
    ),
    ("xls password", "a.xls", lambda: _xls(record(0x2F, b"\x00" * 6)), "encrypted"),
    (
        "xls macro",
        "a.xls",
        lambda: _xls(_VBA_PROJECT=b"x"),
        "macro",
    ),
    ("xls macro sheet", "a.xls", lambda: _xls(_BOUNDSHEET_MACRO), "macro"),
    ("xls embedded", "a.xls", lambda: _xls(**{"\x01Ole10Native": b"x"}), "embedded"),
    ("word 97", "a.xls", lambda: ole({"WordDocument": b"x"}), "other_office"),
    ("unknown compound", "a.xls", lambda: ole({"Data": b"x"}), "not_workbook"),
    ("half an xls", "a.xls", lambda: _sample("roster-town.xls")[:2000], "truncated"),
    ("xls of zeros", "a.xls", lambda: _xls(record(0x0085, b"\x00" * 8)), "empty"),
    ("looped directory", "a.xls", _loop, "damaged"),
    # .csv
    ("csv of noise", "a.csv", lambda: b"\xff\xff\xfe,\x81\n" * 9, "csv_encoding"),
    ("csv with NUL", "a.csv", lambda: b"a,b\x00\n", "not_workbook"),
    ("csv open quote", "a.csv", lambda: b'a,b\n"c,d\n', "csv_quotes"),
    ("csv huge cell", "a.csv", lambda: b"a," + b"x" * 200_000, "csv_field"),
    ("csv 201 columns", "a.csv", lambda: b"1," * 300 + b"1\n", "too_many_columns"),
    ("csv 150,000 rows", "a.csv", lambda: b"1,2\n" * 150_000, "too_many_rows"),
    ("csv of blanks", "a.csv", lambda: b",,,\n\n\n", "empty"),
]
