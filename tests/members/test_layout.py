import tempfile

import pytest

from config.lib.xlsx import SheetData
from config.lib.xlsx.reader import Rows
from config.lib.xlsx.spool import pack
from members.imports.layout import SheetLayout, data_parts, normalize_heading, recognize


def sheet(*rows, name="党员", hidden=False):
    piece, spool = pack(rows), tempfile.TemporaryFile()  # noqa: SIM115
    spool.write(piece)
    spool.flush()
    width = max(len(values) for _number, values in rows)
    return SheetData(name, hidden, width, Rows(spool, [(0, len(piece), len(rows))]))


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("姓  名", "姓名"),
        ("出生\n年月", "出生年月"),
        ("联系电话（手机/固定）", "联系电话"),
        ("*身份证号：", "身份证号"),
        ("正式/预备党员", "正式/预备党员"),
    ],
)
def test_headings_are_read_without_spaces_and_notes(written, plain):
    assert normalize_heading(written) == plain


def test_the_row_with_most_known_headings_is_the_heading_row():
    found = recognize(
        sheet(
            (1, ["某公司党员花名册"]),
            (2, ["填报单位：某公司党委", None, "日期"]),
            (3, ["序号", "姓名", "身份证号", "入党时间", "备注"]),
            (4, [1, "雷芳", "22", "2005"]),
        )
    )
    assert found.heading == 3
    assert found.columns == {1: "name", 2: "id_number", 3: "joined_on"}
    assert found.is_read


def test_of_two_columns_for_a_field_the_better_name_wins():
    found = recognize(sheet((1, ["姓名", "身份证号", "入党日期", "电话", "手机号码"])))
    assert found.place_of("phone") == 4
    assert 3 not in found.columns


def test_a_sheet_without_headings_is_left_out():
    found = recognize(sheet((1, ["汉族"]), (2, ["回族"])))
    assert found.skipped
    assert not found.is_read


def test_a_hidden_sheet_is_left_out():
    rows = (1, ["姓名", "身份证号", "入党日期"])
    assert recognize(sheet(rows, hidden=True)).skipped


def test_the_row_of_headings_can_be_named_by_the_user():
    page = sheet((1, ["姓名", "学历", "民族", "性别"]), (2, ["甲", "乙", "丙", "丁"]))
    assert recognize(page, 2).heading == 2


def test_totals_signatures_and_notes_are_no_people():
    page = sheet(
        (1, ["序号", "姓名", "身份证号", "入党日期"]),
        (2, [1, "雷芳", "220", "2005"]),
        (3, ["合计", 1]),
        (4, ["填表人:", None, "审核人:"]),
        (5, ["说明：本表由各支部填报"]),
        (6, [2, None, None, None]),
        (7, ["序号", "姓名", "身份证号", "入党日期"]),
        (8, [3, None, "220", None]),
    )
    layout = recognize(page)
    assert [part.numbers for part in data_parts(page, layout)] == [(2, 8)]


def test_a_layout_survives_storage():
    layout = recognize(sheet((1, ["姓名", "身份证号", "入党日期"])))
    assert SheetLayout.from_json(layout.as_json()) == layout


def test_the_signature_ignores_spaces_but_not_order():
    one = recognize(sheet((1, ["姓名", "身份证号"])))
    spaced = recognize(sheet((5, ["姓 名", "身份证号："])))
    other = recognize(sheet((1, ["身份证号", "姓名"])))
    assert one.signature == spaced.signature != other.signature
