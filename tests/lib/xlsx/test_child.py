"""The disposable process: one for reading and marking, gone afterwards."""

import io
import os
import signal
import zipfile
from pathlib import Path

import pytest

from config.lib.xlsx import Limits, WorkbookError, annotate, parse, read_workbook
from config.lib.xlsx.sheetscan import scan_sheet
from config.lib.xlsx.upload import Upload
from tests.lib.xlsx.build import book, sheet

ROWS = "".join(
    f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>第{n}人</t></is></c></row>'
    for n in range(1, 4)
)
ERRORS = {"名单": {2: [(0, "缺少姓名")]}}


def children() -> set[int]:
    task = Path(f"/proc/self/task/{os.getpid()}/children")
    return {int(number) for number in task.read_text().split()}


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(book(sheet(ROWS)))
    return path


@pytest.fixture
def opened(roster):
    before = children()
    with read_workbook(roster, original_name="a.xlsx") as workbook:
        (child,) = children() - before
        yield workbook, child
    assert children() == before


def mark(roster, workbook):
    out = roster.with_name("marked.xlsx")
    annotate(roster, original_name="a.xlsx", errors=ERRORS, out=out, workbook=workbook)
    return out


def test_whoever_read_the_file_marks_it(roster, opened):
    workbook, child = opened
    roster.unlink()  # it holds what it needs
    before = children()
    out = mark(roster, workbook)
    assert child in children() == before
    with zipfile.ZipFile(out) as archive:
        assert archive.testzip() is None
        assert "缺少姓名" in archive.read("xl/worksheets/sheet1.xml").decode()


def test_marks_may_be_asked_for_again(roster, opened):
    workbook, _child = opened
    first = mark(roster, workbook).read_bytes()
    assert mark(roster, workbook).read_bytes() == first


def test_a_process_killed_meanwhile_is_a_sentence_and_no_file(roster, opened):
    workbook, child = opened
    os.kill(child, signal.SIGKILL)
    with pytest.raises(WorkbookError) as caught:
        mark(roster, workbook)
    assert caught.value.code == "memory"
    assert not roster.with_name("marked.xlsx").exists()


def test_a_process_that_falls_asleep_is_ended_in_time(roster):
    before = children()
    limits = Limits(seconds=1)
    with read_workbook(roster, original_name="a.xlsx", limits=limits) as workbook:
        (child,) = children() - before
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(WorkbookError) as caught:
            mark(roster, workbook)
        assert caught.value.code == "too_slow"
        assert children() == before


def test_rows_are_read_when_the_process_is_gone(roster, opened):
    workbook, child = opened
    os.kill(child, signal.SIGKILL)
    assert [row.values for row in workbook["名单"].rows] == [
        ("第1人",),
        ("第2人",),
        ("第3人",),
    ]


def test_a_forgotten_workbook_ends_its_process(roster):
    before = children()
    read_workbook(roster, original_name="a.xlsx")  # and nobody keeps it
    assert children() == before


@pytest.mark.parametrize("name", ["a.csv", "b.csv"])
def test_what_cannot_be_amended_needs_no_process(tmp_path, name):
    path = tmp_path / name
    path.write_text("姓名\n雷芳\n", encoding="utf-8")
    before = children()
    with read_workbook(path, original_name=name) as workbook:
        assert children() == before
        assert [row.values for row in workbook.sheets[0].rows] == [("姓名",), ("雷芳",)]


def parsed(data: bytes) -> list:
    return [
        (found.name, list(found.rows))
        for found in parse.parse(Upload(data, "xlsx", Limits()))
    ]


def test_a_very_big_book_is_parsed_as_it_came(monkeypatch):
    data = book(sheet(ROWS))
    plain, _facts = parse._looked_through(Upload(data, "xlsx", Limits()))
    assert len(plain) > len(data)  # no longer compressed
    usual = parsed(data)
    monkeypatch.setattr(parse, "_PLAIN", 100)
    same, _facts = parse._looked_through(Upload(data, "xlsx", Limits()))
    assert same is data
    assert parsed(data) == usual == [("名单", [(n, [f"第{n}人"]) for n in (1, 2, 3)])]


def test_names_beyond_ascii_survive_the_unpacking():
    data = book(sheet(ROWS), {"xl/图片/章.xml": "<a/>"})
    plain, _facts = parse._looked_through(Upload(data, "xlsx", Limits()))
    assert "xl/图片/章.xml" in zipfile.ZipFile(io.BytesIO(plain)).namelist()
    assert parsed(data)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="12345678901"/>', "row_number"),
        ('<row r="1048577"/>', "row_number"),
        ('<row r="0"/>', "row_number"),
        ('<row r="-1"/>', "damaged"),
        ('<row r="9"><c><v>1</v></c></row>', "far_row"),
        ("<row><c><v>1</v></c></row>" * 6, "too_many_rows"),
        ('<row r="1"/><row r="7"><c><is/></c></row>', "far_row"),
    ],
)
def test_unusual_rows_are_still_looked_at_one_by_one(rows, code):
    limits = Limits(rows=5)
    for around in ("", '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'):
        content = sheet(around + rows).encode()
        with pytest.raises(WorkbookError) as caught:
            scan_sheet(content, "名单", limits)
        assert caught.value.code == code
    empty = sheet('<row r="5"><c><v>1</v></c></row><row r="900"/>').encode()
    assert scan_sheet(empty, "名单", limits) == {}
