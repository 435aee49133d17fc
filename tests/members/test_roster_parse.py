from datetime import date, datetime

import pytest

from config.lib.dates import PartialDate
from config.lib.xlsx import Formula, Part
from members.choices import Category, MemberType
from members.imports.derive import derive_category, derive_member_type
from members.imports.layout import FIELDS, SheetLayout
from members.imports.lines import Typed
from members.imports.parse import Parser
from members.imports.places import Places

TODAY = date(2026, 11, 22)
WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}


def parse(key, raw, heading="列"):
    layout = SheetLayout("党员", 1, [heading], {0: key}, 1)
    return Parser(layout, Places(None), TODAY).parse(Part([2], [[raw]]))[0]


def test_a_row_has_a_place_for_every_field():
    assert Typed._fields == tuple(FIELDS)


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("name", " 余\u3000凤 ", "余凤"),
        ("name", "阿迪力・吾守尔", "阿迪力·吾守尔"),
        ("ethnicity", "汉", "Han"),
        ("ethnicity", "蒙古", "Mongol"),
        ("member_type", "正式", MemberType.FULL),
        ("member_type", "预备党员", MemberType.PROBATIONARY),
        ("education", "省(区、市)委党校大学", "provincial_party_bachelor"),
        ("education", "本科", "bachelor"),
        ("phone", "138-0798-8044", "13807988044"),
        ("phone", "13807988044".translate(WIDE), "13807988044"),
        ("joined_on", "1991.05", PartialDate(date(1991, 5, 1), "month")),
        ("joined_on", "1998年7月1日".translate(WIDE), PartialDate(date(1998, 7, 1))),
        ("joined_on", 34486, PartialDate(date(1994, 6, 1))),
        ("joined_on", 199105, PartialDate(date(1991, 5, 1), "month")),
        ("is_mobile", "是", True),
        ("is_mobile", "否", False),
        ("on_post", "不在岗", False),
    ],
)
def test_values_are_read_as_offices_write_them(key, raw, value):
    line = parse(key, raw)
    assert getattr(line.values, key) == value
    assert not line.errors


@pytest.mark.parametrize("word", ["无", "—", "-", " ", "\uff0f"])
def test_words_for_nothing_leave_a_cell_empty(word):
    for key in ("education", "phone", "home_unit", "address", "job_title"):
        line = parse(key, word)
        assert line.values == Typed()
        assert not line.errors
        assert not line.warnings


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("ethnicity", "火星族", "ethnicity_unknown"),
        ("joined_on", "不详", "date_unreadable"),
        ("joined_on", "2030-01-01", "date_future"),
        ("name", "张3", "name_form"),
        ("name", "=HYPERLINK(1)", "name_formula"),
        ("id_number", 220203198411144000, "lost_digits"),
        ("id_number", "220211199801027031", "checksum"),
    ],
)
def test_a_wrong_value_of_a_needed_field_is_an_error(key, raw, code):
    line = parse(key, raw)
    assert [error.code for error in line.errors] == [code]
    assert line.errors[0].place == 0


@pytest.mark.parametrize(
    ("key", "raw"),
    [("education", "博学"), ("job_post", "随便"), ("phone", "12345"), ("sex", "它")],
)
def test_a_wrong_value_of_another_field_is_left_out_with_a_warning(key, raw):
    line = parse(key, raw)
    assert line.values == Typed()
    assert not line.errors
    assert "未导入" in line.warnings[0].message


def test_a_formula_is_no_name_even_with_a_result():
    line = parse("name", Formula("A1&B1", "雷芳"))
    assert line.errors[0].code == "formula"


def test_a_computed_birth_date_is_compared_only():
    line = parse("born_on", Formula("MID(C2,7,8)", "19800304"))
    assert line.values.born_on.date == date(1980, 3, 4)


def test_a_date_under_year_and_month_says_nothing_of_the_day():
    line = parse("born_on", datetime(1985, 7, 1), heading="出生年月")  # noqa: DTZ001
    assert line.values.born_on == PartialDate(date(1985, 7, 1), "month")


def category(**changes):
    facts = {
        "kind": "on_roll",
        "is_mobile": False,
        "job_post": "",
        "on_post": None,
        "has_unit": False,
        "sex": "male",
        "born_on": date(1980, 1, 1),
        "today": TODAY,
    }
    return derive_category(**(facts | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"is_mobile": True, "job_post": "retired"}, Category.MOBILE),
        ({"kind": "mobile_in"}, Category.MOBILE),
        ({"job_post": "retired"}, Category.RETIRED),
        ({"job_post": "bankrupt_not_reemployed"}, Category.LAID_OFF),
        ({"job_post": "other_unemployed"}, Category.LAID_OFF),
        ({"job_post": "civil_servant"}, Category.IN_POST),
        ({"job_post": "freelance"}, Category.OTHER),
        ({"kind": "co_managed"}, Category.IN_POST),
        ({"on_post": True, "born_on": date(1948, 1, 1)}, Category.IN_POST),
        ({"on_post": False, "has_unit": True}, Category.OTHER),
        ({"on_post": False, "born_on": date(1948, 1, 1)}, Category.RETIRED),
        ({"has_unit": True}, Category.IN_POST),
        ({"born_on": date(1966, 11, 22)}, Category.RETIRED),
        ({"born_on": date(1966, 11, 23)}, Category.OTHER),
        ({"born_on": date(1971, 11, 22), "sex": "female"}, Category.RETIRED),
        ({}, Category.OTHER),
    ],
)
def test_the_category_follows_from_the_row(changes, expected):
    assert category(**changes) == expected


@pytest.mark.parametrize(
    ("joined_on", "confirmed_on", "expected"),
    [
        (date(2025, 11, 22), None, MemberType.FULL),
        (date(2025, 11, 23), None, MemberType.PROBATIONARY),
        (date(2026, 1, 1), date(2026, 11, 1), MemberType.FULL),
    ],
)
def test_a_year_of_probation_makes_full(joined_on, confirmed_on, expected):
    found = derive_member_type(
        joined_on=joined_on, confirmed_on=confirmed_on, today=TODAY
    )
    assert found == expected
