import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from config.lib.dates import PartialDate, clean_text, is_empty, parse_date
from config.lib.errors import RuleError

DAYS = st.dates(dt.date(1906, 1, 1), dt.date(2099, 12, 31))
WIDE = str.maketrans("0123456789.-/", "０１２３４５６７８９．－／")  # noqa: RUF001
MAY_12 = dt.date(1991, 5, 12)


@pytest.mark.parametrize(
    "value",
    [
        "1991-05-12",
        "1991/5/12",
        "1991.5.12",
        "1991年5月12日",
        "1991 年 5 月 12 日",
        "1991年05月12",
        "1991年5月12号",
        "19910512",
        "１９９１年５月１２日",
        "1991－05－12",
        "1991-05-12 00:00:00",
        "\u30001991-05-12\u200b",
        19910512,
        19910512.0,
        33370,
        33370.0,
        33370.75,
        MAY_12,
        dt.datetime(1991, 5, 12, 8, 30),  # noqa: DTZ001
    ],
)
def test_whole_dates_are_read(value):
    assert parse_date(value) == PartialDate(MAY_12, "day")


@pytest.mark.parametrize(
    "value",
    ["1991.05", "1991.5", "199105", "1991年5月", "1991-05", "1991/5", 199105, 1991.05],
)
def test_a_month_stays_a_month(value):
    assert parse_date(value) == PartialDate(dt.date(1991, 5, 1), "month")


@pytest.mark.parametrize("value", ["1991", "1991年", 1991, 1991.0])
def test_a_year_stays_a_year(value):
    assert parse_date(value) == PartialDate(dt.date(1991, 1, 1), "year")


@pytest.mark.parametrize("value", ["", None, "无", "—", "-", "－", "/", "空", " 　 "])
def test_empty_words_are_no_date(value):
    assert parse_date(value) is None
    assert is_empty(value)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("不详", "date_unreadable"),
        ("91.5.12", "date_unreadable"),
        ("1991-5-12-3", "date_unreadable"),
        ("19915", "date_unreadable"),
        (True, "date_unreadable"),
        (float("nan"), "date_unreadable"),
        (float("inf"), "date_unreadable"),
        (1e300, "date_unreadable"),
        (-5, "date_unreadable"),
        ("1991-02-29", "date_impossible"),
        ("1991-13", "date_impossible"),
        ("1991-00-10", "date_impossible"),
        ("199113", "date_impossible"),
        ("1850-01-01", "date_impossible"),
        ("2191-01-01", "date_impossible"),
        (1991.1, "date_ambiguous"),
    ],
)
def test_what_is_no_date_is_refused_in_chinese(value, code):
    with pytest.raises(RuleError, match="日期“") as caught:
        parse_date(value)
    assert caught.value.code == code


def test_future_is_refused_only_against_a_given_today():
    assert parse_date("2026-11-23")
    assert parse_date("2026-11-22", today=dt.date(2026, 11, 22))
    with pytest.raises(RuleError, match="晚于今天") as caught:
        parse_date("2026-11-23", today=dt.date(2026, 11, 22))
    assert caught.value.code == "date_future"


def test_an_aware_datetime_counts_in_shanghai():
    late = dt.datetime(1991, 5, 11, 16, 0, tzinfo=dt.UTC)
    assert parse_date(late) == PartialDate(MAY_12)


@given(DAYS)
def test_every_written_form_reads_back_as_its_day(day):
    numbers = (day.year, day.month, day.day)
    for form in ("%d-%02d-%02d", "%d.%d.%d", "%d/%d/%d", "%d年%d月%d日", "%d%02d%02d"):
        text = form % numbers
        assert parse_date(text) == PartialDate(day), text
        assert parse_date(text.translate(WIDE)) == PartialDate(day), text


@given(DAYS)
def test_an_excel_serial_is_its_day(day):
    serial = (day - dt.date(1899, 12, 30)).days
    assert parse_date(float(serial)) == PartialDate(day)


@given(DAYS, st.sampled_from(["day", "month", "year"]))
def test_a_printed_date_reads_back_with_its_precision(day, precision):
    first = {"day": day, "month": day.replace(day=1), "year": dt.date(day.year, 1, 1)}
    date = PartialDate(first[precision], precision)
    assert parse_date(str(date)) == date
    assert date.agrees_with(day)


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers()))
@example("१९९१-०५-१२")
def test_any_other_value_is_a_date_or_nothing_or_a_rule_error(value):
    try:
        parsed = parse_date(value)
    except RuleError:
        return
    assert parsed is None or 1900 <= parsed.date.year <= 2100


def test_a_month_cell_agrees_with_any_day_of_the_month():
    cell = parse_date(dt.date(1991, 5, 1)).as_month()
    assert cell.agrees_with(MAY_12)
    assert not cell.agrees_with(dt.date(1991, 6, 12))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (3.5, "3.5"),
        (220203198411144000.0, "2.20203198411144e+17"),
        (None, ""),
        ("  汉\u3000族\u00a0 ", "汉 族"),
        ("ＡＢ１２－３", "AB12-3"),  # noqa: RUF001
        ("第一支部（流动），代管：是", "第一支部（流动），代管：是"),
        ("\ufeff雷\u200b芳\u200e", "雷芳"),
        ("两行\r\n文字", "两行 文字"),
    ],
)
def test_text_is_cleaned_but_chinese_punctuation_stays(value, text):
    assert clean_text(value) == text


@given(st.text())
def test_cleaning_twice_changes_nothing(text):
    assert clean_text(clean_text(text)) == clean_text(text)
