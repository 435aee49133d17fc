"""Writing: text stays text, bytes repeat, memory stays flat."""

import datetime
import io
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lib.xlsx import (
    Column,
    ExportInfo,
    Page,
    Sheet,
    SmallWorkbook,
    WorkbookError,
    read_workbook,
    write_csv,
    write_table,
)
from config.lib.xlsx import table as table_module
from config.lib.xlsx.cells import ILLEGAL, clean_title

ROOT = Path(__file__).parents[3]
PAYLOADS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1"),
    *(
        "＠x",
        "0 \x1b",
        "\x00=1+1",
        "=cmd|'/C calc'!A0",
        '=HYPERLINK("http://x","y")',
        "'=1",
        "",
    ),
    *("_x0041_", "_x005F_x0041_", "__x0041_", "a&b<c>\"'", "  两端空格  ", "两\r\n行"),
    *(
        "http://example.org",
        "file:///etc/passwd",
        "00123",
        "220211198708151830",
        "TRUE",
    ),
    *(
        "1e5",
        "#N/A",
        "𠮷野",
        "\u3000全角\u3000",
        "]]>",
        "<!-- x -->",
        "&#13;",
        "\ufeff",
    ),
]
INFO = ExportInfo(
    number="DC-2026-0001",
    exported_by="张&三",
    unit="江滨街道",
    exported_at=datetime.datetime(2026, 11, 1, 1, 2, 3, tzinfo=datetime.UTC),
    scope="江滨街道 全部",
    filters="类别=在职",
    purpose="季度反馈",
)
TEXTS = st.one_of(st.sampled_from(PAYLOADS), st.text(max_size=40))


def one_sheet(texts: list[str]) -> Sheet:
    return Sheet("名单", [Column("序", "int"), Column("文")], enumerate(texts))


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=60))
def test_text_comes_back_identical(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("round") / "a.xlsx"
    write_table(path, sheets=[one_sheet(texts)])
    with read_workbook(path, original_name="a.xlsx") as workbook:
        rows = list(workbook["名单"].rows)[1:]
    found = [row.values[1] for row in rows]
    assert found == [ILLEGAL.sub("", text) or None for text in texts]


@settings(max_examples=15, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=60))
def test_csv_text_comes_back_identical(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("round") / "a.csv"
    write_csv(path, ["序", "文"], enumerate(texts))
    with read_workbook(path, original_name="a.csv") as workbook:
        found = [row.values[1] for row in list(workbook["CSV"].rows)[1:]]
    assert found == [ILLEGAL.sub("", text) or None for text in texts]


def written_by(writer: str, path: Path) -> bytes:
    """Write all payloads by one of the writers."""
    if writer == "table":
        write_table(path, sheets=[one_sheet(PAYLOADS)])
    else:
        page = Page("名单", (10, 20))
        for number, text in enumerate(PAYLOADS):
            page.line((number, text))
        SmallWorkbook([page]).save(path)
    return path.read_bytes()


@pytest.mark.parametrize("writer", ["table", "page"])
def test_openpyxl_sees_neither_formula_nor_link(tmp_path, writer):
    content = written_by(writer, tmp_path / "a.xlsx")
    assert not any(
        b"<f>" in part or b"<f " in part for part in unzipped(content).values()
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["名单"]
    for row in sheet.iter_rows(min_col=2):
        assert row[0].data_type in ("s", "inlineStr", "n")
        assert row[0].hyperlink is None
        assert isinstance(row[0].value, str | None)


@pytest.mark.parametrize("writer", ["table", "page"])
def test_formula_like_text_carries_quote_prefix(tmp_path, writer):
    written_by(writer, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["名单"]
    dangerous = tuple("=+-@\t\r\n＝＋－＠")
    for row in sheet.iter_rows(min_col=2):
        if row[0].value is not None:
            assert row[0].quotePrefix == row[0].value.startswith(dangerous)


def test_kinds_of_columns(tmp_path):
    path = tmp_path / "a.xlsx"
    day = datetime.date(2026, 2, 28)
    moment = datetime.datetime.fromisoformat("2026-02-28T13:30")
    row = (220211198708151830, 7, Decimal("1.25"), day, moment, True, "1900-01-01")
    kinds = ("int", "int", "decimal", "date", "datetime", "text", "date")
    columns = [Column(kind, kind) for kind in kinds]
    write_table(path, sheets=[Sheet("类", columns, [row, [None] * 7])])
    with read_workbook(path, original_name="a.xlsx") as workbook:
        found = workbook["类"].rows[1].values
    assert found == ("220211198708151830", 7, 1.25, day, moment, "是", "1900-01-01")


def test_not_a_number_and_old_dates_become_text(tmp_path):
    path = tmp_path / "a.xlsx"
    row = (float("nan"), Decimal("Infinity"), datetime.date(1899, 1, 1))
    columns = [Column("a", "decimal"), Column("b", "decimal"), Column("c", "date")]
    write_table(path, sheets=[Sheet("类", columns, [row])])
    with read_workbook(path, original_name="a.xlsx") as workbook:
        assert workbook["类"].rows[1].values == ("nan", "Infinity", "1899-01-01")


def test_row_of_another_length_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="zip"):
        write_table(
            tmp_path / "a.xlsx", sheets=[Sheet("名单", [Column("a")], [("x", "y")])]
        )
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    def rows():
        yield ("x",)
        raise RuntimeError("database gone")

    with pytest.raises(RuntimeError):
        write_table(path, sheets=[Sheet("名单", [Column("a")], rows())])
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_too_many_rows_for_excel_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(table_module, "EXCEL_ROWS", 3)
    with pytest.raises(WorkbookError, match="1048576"):
        write_table(tmp_path / "a.xlsx", sheets=[one_sheet(["a", "b", "c"])])


def test_the_same_data_gives_the_same_bytes(tmp_path):
    first = write_table(tmp_path / "a.xlsx", sheets=[one_sheet(PAYLOADS)], info=INFO)
    buffer = io.BytesIO()
    second = write_table(buffer, sheets=[one_sheet(PAYLOADS)], info=INFO)
    assert first == second
    assert buffer.getvalue() == (tmp_path / "a.xlsx").read_bytes()


def test_info_is_the_last_sheet_the_properties_and_the_footer(tmp_path):
    path = tmp_path / "a.xlsx"
    write_table(path, sheets=[one_sheet(["甲", "乙"])], info=INFO)
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["名单", "说明"]
    lines = dict(workbook["说明"].iter_rows(values_only=True))
    assert lines["导出人"] == "张&三"
    assert lines["导出时间"] == "2026-11-01 09:02:03 +08:00"
    assert lines["数据行数"] == "2"
    assert workbook.properties.keywords == "DC-2026-0001"
    assert workbook.properties.creator == "张&三（江滨街道）"
    for part in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        assert "张&amp;&amp;三" in unzipped(path.read_bytes())[part].decode()


def test_footer_fits_excels_limit():
    long = ExportInfo("&" * 300, "&" * 300, "", INFO.exported_at, "", purpose="&" * 300)
    page = Page("名单", (10,))
    part = unzipped(SmallWorkbook([page], long).to_bytes())["xl/worksheets/sheet1.xml"]
    footer = part.decode().split("<oddFooter>")[1].split("</oddFooter>")[0]
    text = footer.replace("&amp;", "&")
    assert len(text) <= 255
    assert text.count("&") % 2 == 1  # pairs, and five codes


def test_titles_are_cleaned_and_differ():
    taken: set[str] = set()
    titles = ["甲/乙:[丙]*?", "", "History", "长" * 40, "长" * 40, "'引'", "甲 乙  丙"]
    cleaned = [clean_title(title, taken) for title in titles]
    assert len({title.lower() for title in cleaned}) == len(titles)
    assert all(0 < len(title) <= 31 for title in cleaned)
    assert not any(set(title) & set("[]:*?/\\") for title in cleaned)


def test_sheet_opens_filtered_frozen_and_ready_to_print(tmp_path):
    path = tmp_path / "a.xlsx"
    columns = [Column("a"), Column("b")]
    write_table(path, sheets=[Sheet("名'单", columns, [("x", "y")], autofilter=True)])
    sheet = openpyxl.load_workbook(path)["名'单"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_pages_hold_titles_merges_and_letters():
    page = Page("名单", (8, 20, 20), landscape=True, repeat_rows=(2, 3), freeze=3)
    page.merged("江滨街道在职党员反馈", height=36)
    page.merged([("姓名", 1), ("表现", 2)], "head")
    page.line(("", "次数", "评语"), "head")
    page.line(("张三", 3, "=好"), ("cell_center", "cell_int", "cell"))
    letter = Page("致函", (90,))
    letter.merged("感谢信", "letter_title")
    letter.line(("江滨区税务局：",), "letter", height=40)
    content = SmallWorkbook([page, letter]).to_bytes()
    assert content == SmallWorkbook([page, letter]).to_bytes()
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    assert workbook.sheetnames == ["名单", "致函"]
    sheet = workbook["名单"]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:C1", "B2:C2"]
    assert sheet["C4"].value == "=好"
    assert sheet["C4"].data_type != "f"
    assert sheet["B4"].value == 3
    assert sheet.print_title_rows == "$2:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert workbook["致函"]["A1"].font.size == 22


_MEASURE = """
import sys
from pathlib import Path
from config.lib.xlsx.table import Column, Sheet, write_table
count = int(sys.argv[2])
columns = [Column(str(n)) for n in range(20)]
rows = ([f"{n}-{i}" for i in range(20)] for n in range(count))
write_table(sys.argv[1], sheets=[Sheet("a", columns, rows)])
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


def peak(path: Path, rows: int) -> int:
    """Return the peak memory in KB of a process that writes so many rows."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path), str(rows)],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    return int(done.stdout)


def test_memory_of_a_big_export_is_flat(tmp_path):
    small, big = peak(tmp_path / "a.xlsx", 10_000), peak(tmp_path / "b.xlsx", 60_000)
    assert big < 120_000
    assert big - small < 20_000
