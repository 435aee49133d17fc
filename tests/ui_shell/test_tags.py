from datetime import UTC, date, datetime

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from pytest_django.asserts import assertHTMLEqual

from config.lib import tags
from config.lib.nav import NavItem, NavSection


def render(source: str, **context) -> str:
    return Template("{% load portal %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [(0, 4, "0%"), (1, 3, "33%"), (999, 1000, "99%"), (7, 5, "100%"), (1, 0, "—")],
)
def test_percentage_reaches_100_only_when_nothing_is_missing(done, total, shown):
    assert tags.percent_of(done, total) == shown


def test_ring_draws_its_arc_by_attributes():
    html = render("{% ring 3 5 '五个一' %}")
    assert 'stroke-dasharray="60 100"' in html
    assert 'aria-label="五个一：已完成 3，应完成 5"' in html
    assert "style" not in html


def test_ring_without_a_demand_says_so():
    html = render("{% ring 0 0 '双带' %}")
    assert "无要求" in html
    assert "ring__arc" not in html


def test_state_escapes_its_text():
    html = render("{% state text 'ok' %}", text="<b>甲</b>")
    assert "&lt;b&gt;甲&lt;/b&gt;" in html


def test_dash_keeps_nought():
    assert [tags.dash(value) for value in (None, "", 0)] == ["—", "—", 0]


def test_dates_are_shown_in_chinese_and_in_shanghai():
    assert tags.cn_date(date(2026, 1, 5)) == "2026年1月5日"
    late = datetime(2026, 1, 5, 20, 30, tzinfo=UTC)
    assert tags.cn_datetime(late) == "2026年1月6日 04:30"


def test_captured_block_is_escaped_once():
    source = "{% capture heading %} {{ name }} {% endcapture %}[{{ heading }}]"
    assert render(source, name="甲&乙") == "[甲&amp;乙]"


class SampleForm(forms.Form):
    joined_on = forms.DateField(label="入党日期", help_text="按年月日")
    hours = forms.DecimalField(label="时长", required=False)
    count = forms.IntegerField(label="人数", required=False)
    kinds = forms.MultipleChoiceField(
        label="类型",
        choices=[("a", "甲类")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def test_date_field_uses_the_browsers_picker_with_an_iso_value():
    form = SampleForm(initial={"joined_on": date(1991, 7, 1)})
    html = render("{% field form.joined_on %}", form=form)
    assert 'type="date"' in html
    assert 'value="1991-07-01"' in html


def test_number_fields_open_the_number_keyboard():
    html = render("{% field form.count %}{% field form.hours %}", form=SampleForm())
    assert 'inputmode="numeric"' in html
    assert 'inputmode="decimal"' in html


def test_field_error_is_tied_to_its_control():
    form = SampleForm({"joined_on": "x"})
    html = render("{% field form.joined_on %}", form=form)
    assert 'aria-describedby="id_joined_on_helptext id_joined_on_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_joined_on_error"' in html


def test_ticked_choices_stand_in_a_named_group():
    html = render("{% field form.kinds %}", form=SampleForm())
    assert "<fieldset" in html
    assert "<legend" in html


def test_sort_heading_turns_round_and_forgets_the_page():
    request = RequestFactory().get("/?sort=name&after=9&q=x")
    html = render("{% sort_heading 'name' '姓名' %}", request=request)
    assert 'aria-sort="ascending"' in html
    assert 'href="?q=x&amp;sort=-name"' in html


def test_chart_keeps_hostile_names_out_of_the_markup():
    spec = {
        "kind": "bar",
        "categories": ["</script><b>甲"],
        "series": [{"name": "人数", "data": [3]}],
    }
    html = render("{% chart 'c' '人数' spec %}", spec=spec)
    assert "<b>" not in html
    assert 'data-chart="c-data"' in html
    assert 'id="c-data"' in html


def test_table_rows_must_be_as_long_as_the_headings():
    with pytest.raises(ValueError, match="zip"):
        tags.labelled([1, 2], ["甲"])


@pytest.mark.parametrize("hidden", ["False", "True"])
@pytest.mark.parametrize("name", ["hours", "count", "needed"])
def test_a_plain_field_is_drawn_as_its_template_draws_it(name, hidden):
    class Form(SampleForm):
        needed = forms.ChoiceField(label="<b>甲</b>", choices=[("a", "乙")])

    bound = Form()[name]
    quick = render(f"{{% field bound hide_label={hidden} %}}", bound=bound)
    context = {
        "field": bound,
        "kind": "select" if name == "needed" else "input",
        "control": bound.as_widget(
            attrs={"class": "form-select" if name == "needed" else "form-control"}
        ),
        "hide_label": hidden == "True",
    }
    assertHTMLEqual(quick, render_to_string("_field.html", context))


def test_the_navigation_is_drawn_anew_when_it_changes():
    def sections(label, is_current):
        item = NavItem(label, "/a/", "users", is_current)
        return [NavSection("党员", [item])]

    source = "{% nav_sections sections %}"
    first = render(source, sections=sections("名册", is_current=False))
    assert "aria-current" not in first
    assert "aria-current" in render(source, sections=sections("名册", is_current=True))
    assert "&lt;b&gt;" in render(source, sections=sections("<b>", is_current=False))
