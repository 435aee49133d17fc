"""Reading decent workbooks: row numbers, values, formulas."""

import contextlib
import datetime
import json
import struct
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from config.lib.xlsx import Formula, Limits, WorkbookError, column_letter, read_workbook
from config.lib.xlsx.cells import column_index
from config.lib.xlsx.ole import check_xls
from config.lib.xlsx.spool import unpack
from tests.lib.xlsx.build import BOF, EOF, book, ole, pack, parts, record, sheet

SAMPLES = Path(__file__).parents[2] / "samples"


def read(tmp_path, content: bytes, name: str = "a.xlsx"):
    path = tmp_path / "upload"
    path.write_bytes(content)
    return read_workbook(path, original_name=name)


def sample(name: str):
    return read_workbook(SAMPLES / name, original_name=name)


@pytest.mark.parametrize(
    ("name", "sheets", "rows", "last"),
    [
        ("organizations.xlsx", ["党组织信息"], 26, 26),
        ("roster-national.xlsx", ["党员信息"], 301, 301),
        ("roster-dirty.xlsx", ["党员信息"], 66, 67),
        ("roster-enterprise.xlsx", ["在岗党员", "不在岗党员"], 35, 35),
        ("roster-town.xls", ["党员导入模板"], 121, 121),
    ],
)
def test_sample_is_read_with_excels_row_numbers(name, sheets, rows, last):
    with sample(name) as workbook:
        assert [found.name for found in workbook.sheets] == sheets
        first = workbook.sheets[0]
        assert len(first.rows) == len(list(first.rows)) == rows
        assert first.rows[-1].number == last
        assert first.rows[0].number == 1


def test_dirty_roster_has_a_formula_in_every_row_that_expects_one():
    verdicts = json.loads((SAMPLES / "roster-dirty.expected.json").read_text())
    expected = {int(row) for row, verdict in verdicts.items() if "formula" in verdict}
    with sample("roster-dirty.xlsx") as workbook:
        found = {
            row.number: row.values[1]
            for row in workbook["党员信息"].rows
            if isinstance(row.values[1], Formula)
        }
    assert set(found) == expected
    assert found[12].text == 'HYPERLINK("file:///etc/passwd","点击")'


def test_lost_digits_stay_a_number():
    with sample("roster-dirty.xlsx") as workbook:
        row = next(row for row in workbook["党员信息"].rows if row.number == 8)
    assert isinstance(row.values[3], int)


def test_real_dates_and_formulas_of_the_firm():
    with sample("roster-enterprise.xlsx") as workbook:
        row = workbook["在岗党员"].rows[3]
    assert row.number == 4
    assert row.values[4] == datetime.date(1985, 7, 1)
    assert row.values[5] == Formula('DATEDIF(E4,TODAY(),"Y")')


def test_kinds_of_values(tmp_path):
    cells = (
        '<c r="B3" t="b"><v>1</v></c><c r="C3"><v>1.5</v></c><c r="D3"><v>7</v></c>'
        '<c r="E3"><v>220211198708151000</v></c><c r="F3" t="str"><v>甲</v></c>'
        '<c r="G3" t="d"><v>2020-01-02</v></c><c r="H3"><v>NaN</v></c>'
    )
    with read(tmp_path, book(sheet(f'<row r="3">{cells}</row>'))) as workbook:
        (row,) = workbook["名单"].rows
    assert row.number == 3
    assert row.values == (
        *(None, True, 1.5, 7, 220211198708151000, "甲"),
        *(datetime.date(2020, 1, 2), None),
    )


def test_blank_rows_are_counted_and_left_out(tmp_path):
    content = sheet(
        '<row r="2"><c r="A2"><v>1</v></c></row>'
        '<row r="3"><c r="A3" s="0"/></row><row r="9"><c r="A9"><v>2</v></c></row>'
        '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )
    with read(tmp_path, book(content)) as workbook:
        assert [row.number for row in workbook["名单"].rows] == [2, 9]


def test_prefixed_sheet_without_references_is_read(tmp_path):
    content = sheet(
        "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:f>A1&amp;B1</x:f><x:v>5</x:v></x:c>"
        "</x:row>",
        prefix="x:",
    )
    with read(tmp_path, book(content)) as workbook:
        (row,) = workbook["名单"].rows
    assert row == (1, (1, Formula("A1&B1", 5)))


def test_shared_formula_has_its_text_in_each_cell(tmp_path):
    content = sheet(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1+1</f><v>1</v></c>'
        '</row><row r="2"><c r="A2"><f t="shared" si="0"/><v>2</v></c></row>'
    )
    with read(tmp_path, book(content)) as workbook:
        values = [row.values[0] for row in workbook["名单"].rows]
    assert values == [Formula("B1+1", 1), Formula("B1+1", 2)]


def test_formula_without_result_right_of_everything_is_marked(tmp_path):
    content = sheet('<row r="5"><c r="D5"><f>1+1</f></c></row>')
    with read(tmp_path, book(content)) as workbook:
        (row,) = workbook["名单"].rows
    assert row == (5, (None, None, None, Formula("1+1")))


def test_hidden_sheet_says_so(tmp_path):
    found = parts()
    main = str(found["xl/workbook.xml"])
    found["xl/workbook.xml"] = main.replace("sheetId", 'state="hidden" sheetId')
    with read(tmp_path, pack(found)) as workbook:
        assert workbook.sheets[0].hidden


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_of_every_office_encoding(tmp_path, encoding):
    text = '姓名,备注\r\n\r\n张三,"两\n行"\r\n李四,\r\n'
    with read(tmp_path, text.encode(encoding), "a.csv") as workbook:
        assert list(workbook["CSV"].rows) == [
            (1, ("姓名", "备注")),
            (3, ("张三", "两\n行")),
            (4, ("李四", None)),
        ]


def test_csv_gives_back_what_excel_tricks_hide(tmp_path):
    with read(tmp_path, b"=\"0012\",'=1+1,'a\n", "a.csv") as workbook:
        assert workbook["CSV"].rows[0].values == ("0012", "=1+1", "'a")


def test_rows_are_read_again_at_each_pass():
    with sample("roster-national.xlsx") as workbook:
        rows = workbook["党员信息"].rows
        assert list(rows) == list(rows)
        assert rows[300] == list(rows)[300] == rows[-1]
        with pytest.raises(IndexError):
            rows[301]


def test_limits_come_from_settings(monkeypatch):
    monkeypatch.setattr(django_settings, "XLSX_LIMITS", {"rows": 10}, raising=False)
    with pytest.raises(WorkbookError, match="超过 10 行"):
        sample("roster-town.xls")


def test_misspelt_limit_is_refused(monkeypatch):
    monkeypatch.setattr(django_settings, "XLSX_LIMITS", {"row": 10}, raising=False)
    with pytest.raises(ValueError, match="unknown XLSX_LIMITS: row"):
        sample("roster-town.xls")


def test_a_limit_of_columns_holds_at_its_edge(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(book(sheet('<row r="1"><c r="AD1"><v>1</v></c></row>')))
    read_workbook(path, original_name="a.xlsx", limits=Limits(columns=30)).close()
    with pytest.raises(WorkbookError, match="AD 列"):
        read_workbook(path, original_name="a.xlsx", limits=Limits(columns=29))


def test_column_letters_count_as_excel_does():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702, 16383)] == [
        *("A", "Z", "AA", "ZZ", "AAA", "XFD")
    ]
    assert all(column_index(column_letter(index)) == index for index in range(2000))


def test_formula_cells_of_an_old_workbook_are_found():
    place = struct.pack("<HHH", 11, 3, 0)
    stream = (
        BOF
        + record(0x0085, struct.pack("<IBB", 4096, 0, 0) + b"\x01\x00s")
        + EOF
        + BOF
        + record(0x0006, place + b"\x00" * 16)
        + EOF
    )
    first = struct.pack("<I", len(stream) - len(BOF + EOF) - 26)
    stream = stream.replace(struct.pack("<I", 4096), first, 1)
    assert check_xls(ole({"Workbook": stream})) == {0: {(12, 3)}}


@pytest.mark.parametrize("name", ["roster-enterprise.xlsx", "roster-town.xls"])
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_turned_bytes_never_escape_the_sandbox(tmp_path_factory, name, data):
    content = bytearray((SAMPLES / name).read_bytes())
    places = st.integers(0, len(content) - 1)
    changes = st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=9)
    for place, value in data.draw(changes):
        content[place] = value
    cut = data.draw(st.sampled_from([len(content), len(content) // 3]))
    path = tmp_path_factory.mktemp("turned") / name
    path.write_bytes(content[:cut])
    with (
        contextlib.suppress(WorkbookError),
        read_workbook(path, original_name=name) as workbook,
    ):
        assert all(row.number > 0 for row in workbook.sheets[0].rows)


@pytest.mark.parametrize("piece", [b"[[1,2],[]]", b"[[],[]]", b"[[1],[[1],[1,2]]]"])
def test_a_piece_that_is_no_rows_is_refused_as_a_whole(piece):
    with pytest.raises(ValueError, match="lengths"):
        unpack(piece)
