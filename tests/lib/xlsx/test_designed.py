"""Designed sheets: merged headings, totals, repeatable bytes."""

import datetime
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from config.lib.xlsx import ExportInfo, designed

INFO = ExportInfo(
    "BB-1",
    "李四",
    "江滨街道",
    datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC),
    "全部",
)


def monthly():
    workbook = designed.new_workbook()
    sheet = designed.add_sheet(
        workbook, "党员/月报", [12, 8, 8, 8, 30], repeat_rows=(3, 4)
    )
    row = designed.title_row(sheet, 1, "江滨街道党员情况月报", 5)
    row = designed.unit_row(sheet, row, "江滨街道", "2026年10月", 5)
    row = designed.heading_rows(
        sheet,
        row,
        [
            [("支部", 1, 2), ("党员数", 3, 1), ("备注", 1, 2)],
            [("在职", 1, 1), ("流动", 1, 1), ("合计", 1, 1)],
        ],
    )
    rows = [("第一支部", 3, 2, 5, "=1+1"), ("第二支部", 1, 0, 1, "@x")]
    row = designed.body_rows(sheet, row, rows, left=(4,))
    row = designed.totals_row(sheet, row, ("合计", 4, 2, Decimal("6.00"), None))
    designed.signature_row(sheet, row, span=5)
    return workbook


@pytest.fixture
def saved_sheet(tmp_path):
    designed.save(monthly(), tmp_path / "a.xlsx", INFO, counted=2)
    return openpyxl.load_workbook(tmp_path / "a.xlsx")


def test_headings_are_merged_over_both_rows(saved_sheet):
    sheet = saved_sheet["党员 月报"]
    merged = sorted(map(str, sheet.merged_cells.ranges))
    assert {"A1:E1", "A3:A4", "B3:D3", "E3:E4"} <= set(merged)
    assert [sheet.cell(4, column).value for column in (2, 3, 4)] == [
        "在职",
        "流动",
        "合计",
    ]


def test_text_stays_text_in_designed_sheets(saved_sheet):
    cell = saved_sheet["党员 月报"]["E5"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_sheet_prints_on_a4_with_repeated_headings(saved_sheet):
    sheet = saved_sheet["党员 月报"]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_info_marks_every_sheet(saved_sheet):
    assert saved_sheet.sheetnames == ["党员 月报", "说明"]
    for sheet in saved_sheet:
        assert "BB-1" in sheet.oddFooter.left.text
    assert saved_sheet.properties.creator == "李四（江滨街道）"


def test_the_same_workbook_gives_the_same_bytes(tmp_path):
    first = designed.save(monthly(), tmp_path / "a.xlsx", INFO)
    second = designed.save(monthly(), tmp_path / "b.xlsx", INFO)
    assert first == second
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {2000}
