"""Many rows at once: each value in its place, and none as markup."""

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe

from config.lib.markup import escape_all, fill_rows


def test_each_hole_gets_the_value_of_its_row():
    rows = [{"a": "甲", "n": 1}, {"a": "乙", "n": 20000}]
    assert fill_rows("<p>{a}：{n}%，{a}</p>", rows) == (
        "<p>甲：1%，甲</p><p>乙：20000%，乙</p>"
    )


def test_values_never_become_markup():
    row = {"a": "<b>'\"&{b}%s", "b": mark_safe("<i>")}
    drawn = fill_rows("[{a}|{b}]", [row])
    assert drawn == "[&lt;b&gt;&#x27;&quot;&amp;{b}%s|&lt;i&gt;]"


def test_a_separator_in_a_text_does_not_shift_the_cells():
    assert escape_all(["甲\x1f乙", "丙"]) == ["甲乙", "丙"]


@pytest.mark.parametrize("texts", [[], [""], ["", ""]])
def test_empty_texts_stay_as_many(texts):
    assert escape_all(texts) == texts


def test_no_rows_draw_nothing():
    assert fill_rows("<p>{a}</p>", []) == ""


def test_a_pattern_without_a_hole_is_a_mistake():
    with pytest.raises(ValueError, match="hole"):
        fill_rows("<p></p>", [{}])


def test_the_tag_takes_its_rows_from_the_context():
    source = "{% load portal %}{% rows page.rows %} <li>{name}</li> {% endrows %}"
    context = Context({"page": {"rows": [{"name": "甲&乙"}, {"name": "丙"}]}})
    drawn = Template(source).render(context)
    assert drawn == "<li>甲&amp;乙</li><li>丙</li>"
