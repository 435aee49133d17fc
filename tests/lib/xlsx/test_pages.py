"""The quick ways of drawing small files give what the plain ways give."""

import datetime
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.lib.xlsx import Page
from config.lib.xlsx.parts import entry, open_zip
from config.lib.xlsx.smallzip import SmallZip, packed, packed_quickly, stored

LOOKS = ("cell_int", "cell", "cell_center", "cell_date", "cell_decimal")
VALUES = st.one_of(
    st.sampled_from([None, "", "0", "=1", "2", 2, 2.0, True, 1, 0.0, -0.0, 10**16]),
    st.sampled_from([Decimal("2"), Decimal("2.0"), Decimal("NaN"), Decimal("1E+16")]),
    st.text(max_size=3),
    st.integers(),
    st.dates(),
    st.datetimes(),
)
ROWS = st.lists(st.tuples(*[VALUES] * len(LOOKS)), max_size=6)


@given(rows=ROWS)
def test_many_lines_at_once_are_drawn_like_one_by_one(rows):
    quick, plain = (Page("名单", [10] * len(LOOKS)) for _ in range(2))
    for page in (quick, plain):
        page.merged("标题")
    quick.lines(rows, LOOKS)
    for row in rows:
        plain.line(row, LOOKS)
    assert quick.xml("") == plain.xml("")
    assert quick.number == plain.number


def test_equal_numbers_of_two_kinds_keep_their_own_look():
    page = Page("名单", (10,))
    page.lines([(2,), (2.0,), (datetime.date(2026, 9, 1),)], ["cell_decimal"])
    assert page.xml("").count("<v>2</v>") == page.xml("").count("<v>2.0</v>") == 1


@given(parts=st.lists(st.binary(max_size=200), max_size=5))
def test_a_small_zip_is_what_zipfile_writes(parts):
    quick, plain = SmallZip(), io.BytesIO()
    with open_zip(plain) as archive:
        for number, content in enumerate(parts):
            archive.writestr(entry(f"xl/{number}.xml"), content)
            quick.add(f"xl/{number}.xml", packed(content))
    assert quick.to_bytes() == plain.getvalue()
    with zipfile.ZipFile(io.BytesIO(quick.to_bytes())) as archive:
        assert archive.testzip() is None


@given(parts=st.lists(st.binary(max_size=200), max_size=5))
@pytest.mark.parametrize("way", [packed, packed_quickly, stored])
def test_a_small_zip_gives_back_what_was_put_in(way, parts):
    quick = SmallZip()
    for number, content in enumerate(parts):
        quick.add(f"xl/图{number}.xml", way(content))
    with zipfile.ZipFile(io.BytesIO(quick.to_bytes())) as archive:
        assert archive.testzip() is None
        assert [archive.read(f"xl/图{n}.xml") for n in range(len(parts))] == parts
