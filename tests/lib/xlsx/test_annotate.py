"""The user's own workbook comes back with its errors marked."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from config.lib.xlsx import NOTE_HEADER, WorkbookError, annotate, read_workbook
from tests.lib.xlsx.build import book, sheet

SAMPLES = Path(__file__).parents[2] / "samples"
RED = "FFFFC7CE"


def mark(source: Path, tmp_path: Path, errors, name: str = "", **options):
    out = tmp_path / "marked.xlsx"
    annotate(
        source, original_name=name or source.name, errors=errors, out=out, **options
    )
    return out


def plain(path: Path) -> dict[str, list]:
    with read_workbook(path, original_name=path.name) as workbook:
        return {
            found.name: [(row.number, row.values) for row in found.rows]
            for found in workbook.sheets
        }


@pytest.mark.parametrize(
    "name", ["roster-national.xlsx", "roster-dirty.xlsx", "roster-town.xls"]
)
def test_cells_and_order_are_the_users_own(tmp_path, name):
    source = SAMPLES / name
    before = plain(source)
    (title,) = before
    out = mark(source, tmp_path, {title: {2: [(1, "缺少姓名")], 9: [(None, "重复")]}})
    after = plain(out)[title]
    width = len(before[title][0][1])
    assert [number for number, _ in after] == [number for number, _ in before[title]]
    for (_, old), (_, new) in zip(before[title], after, strict=True):
        assert new[:width] == old
    notes = {number: values[width] for number, values in after if values[width]}
    assert notes == {1: NOTE_HEADER, 2: "缺少姓名", 9: "重复"}


def test_wrong_cells_are_red_and_others_keep_their_look(tmp_path):
    source = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    found = workbook.active
    found.append(["姓名", "电话", "日期"])
    found.append(["张三", "1", None])
    found["A2"].font = Font(bold=True)
    found["B2"].fill = PatternFill("solid", fgColor="FF00FF00")
    found["A1"].comment = Comment("填全名", "街道")
    found.column_dimensions["A"].width = 33
    workbook.save(source)
    out = mark(
        source, tmp_path, {"Sheet": {2: [(0, "甲"), (2, "乙"), (2, "乙"), (1, "丙")]}}
    )
    marked = openpyxl.load_workbook(out)["Sheet"]
    assert [marked.cell(2, n).fill.fgColor.rgb for n in (1, 2, 3)] == [RED] * 3
    assert marked["A2"].font.bold
    assert marked["A1"].fill.fgColor.rgb != RED
    assert marked["A1"].comment.text == "填全名"
    assert marked.column_dimensions["A"].width == 33
    assert marked["D2"].value == "甲；乙；丙"
    assert marked["D1"].value == NOTE_HEADER


def test_second_round_uses_the_same_column(tmp_path):
    source = SAMPLES / "roster-enterprise.xlsx"
    headings = {"在岗党员": 3}
    errors = {"在岗党员": {4: [(1, "一")], 5: [(1, "二")]}}
    first = mark(source, tmp_path, errors, headings=headings)
    again = tmp_path / "again.xlsx"
    annotate(
        first,
        original_name="marked.xlsx",
        errors={"在岗党员": {5: [(2, "仍错")]}},
        out=again,
        headings=headings,
    )
    rows = plain(again)["在岗党员"]
    assert {len(values) for _, values in rows} == {19}
    notes = {number: values[18] for number, values in rows if values[18]}
    assert notes == {3: NOTE_HEADER, 5: "仍错"}


def test_formulas_of_the_user_stay(tmp_path):
    source = SAMPLES / "roster-enterprise.xlsx"
    errors = {"在岗党员": {4: [(1, "一")]}}
    out = mark(source, tmp_path, errors, headings={"在岗党员": 3})
    assert openpyxl.load_workbook(out)["在岗党员"]["F4"].value.startswith("=DATEDIF")


def test_csv_comes_back_as_a_workbook(tmp_path):
    source = tmp_path / "a.csv"
    source.write_bytes("姓名,电话\n\n张三,=1\n".encode("gb18030"))
    out = mark(source, tmp_path, {"CSV": {3: [(1, "电话有误")]}})
    marked = openpyxl.load_workbook(out)["CSV"]
    assert marked["B3"].value == "=1"
    assert marked["B3"].data_type != "f"
    assert marked["B3"].fill.fgColor.rgb == RED
    assert marked["C3"].value == "电话有误"


def test_workbook_without_styles_is_rewritten(tmp_path):
    source = tmp_path / "a.xlsx"
    source.write_bytes(book(sheet('<row r="2"><c r="A2"><v>5</v></c></row>')))
    out = mark(source, tmp_path, {"名单": {2: [(0, "错")]}})
    assert plain(out)["名单"] == [(2, (5, "错"))]


def test_messages_are_text(tmp_path):
    source = SAMPLES / "roster-national.xlsx"
    out = mark(source, tmp_path, {"党员信息": {2: [(0, "=1+1 <&> \x00")]}})
    assert plain(out)["党员信息"][1][1][-1] == "=1+1 <&> "
    with zipfile.ZipFile(out) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_unknown_sheet_is_named_and_nothing_written(tmp_path):
    with pytest.raises(WorkbookError, match="没有的"):
        mark(SAMPLES / "roster-national.xlsx", tmp_path, {"没有的": {2: [(0, "x")]}})
    assert list(tmp_path.iterdir()) == []


def test_a_range_of_widths_is_split_around_the_new_column(tmp_path):
    source = tmp_path / "a.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.append(["姓名"])
    workbook.active.append(["张三"])
    widths = workbook.active.column_dimensions["A"]
    widths.min, widths.max, widths.width = 1, 9, 22
    workbook.save(source)
    out = mark(source, tmp_path, {"Sheet": {2: [(0, "错")]}})
    found = openpyxl.load_workbook(out)["Sheet"].column_dimensions
    assert (found["A"].width, found["A"].max) == (22, 1)
    assert found["B"].width == 60
    assert (found["C"].width, found["C"].max) == (22, 9)


@pytest.mark.parametrize(
    ("written", "instead"),
    [(b'<row r="3"', b"<row spans='1:1' r='3'"), (b'<row r="3"', b'<row  r="3"')],
)
def test_rows_are_marked_however_their_numbers_are_written(tmp_path, written, instead):
    source, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    workbook = openpyxl.Workbook()
    for value in ("姓名", "甲", "乙", "丙"):
        workbook.active.append([value])
    workbook.save(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            assert "sheet1" not in name or written in old.read(name)
            new.writestr(name, old.read(name).replace(written, instead))
    out = mark(other, tmp_path, {"Sheet": {2: [(0, "一")], 3: [(0, "二")]}})
    assert [values[1:] for _number, values in plain(out)["Sheet"]] == [
        (NOTE_HEADER,),
        ("一",),
        ("二",),
        (None,),
    ]
