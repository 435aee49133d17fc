"""Widgets drawn by functions are those that Django's templates draw."""

import datetime

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from pytest_django.asserts import assertHTMLEqual

from config.lib.renderer import QuickRenderer

HOSTILE = "\"><script>alert('甲')</script>&"
CHOICES = [
    ("", "请选择"),
    ("a", HOSTILE),
    (HOSTILE, "乙"),
    ("组", [(3, gettext_lazy("Yes")), (None, mark_safe("<b>丙</b>"))]),
    (1234, 1234),
]
WIDGETS = [
    (forms.TextInput(attrs={"class": HOSTILE, "size": 12}), HOSTILE),
    (forms.TextInput(attrs={"disabled": True, "readonly": False}), None),
    (forms.TextInput(), ""),
    (forms.HiddenInput(), 12345),
    (forms.NumberInput(attrs={"min": 0, "step": 0.5}), 1234.5),
    (forms.EmailInput(), "a@b.example"),
    (forms.URLInput(), "http://example.com/?a=1&b=2"),
    (forms.PasswordInput(), "geheim"),
    (forms.PasswordInput(render_value=True), "geheim"),
    (forms.DateInput(format="%Y-%m-%d"), datetime.date(2026, 10, 5)),
    (forms.TimeInput(), datetime.time(9, 30)),
    (forms.DateTimeInput(), datetime.datetime(2026, 10, 5, 9, 30)),  # noqa: DTZ001
    (forms.FileInput(attrs={"accept": ".xlsx"}), None),
    (forms.ClearableFileInput(), None),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.CheckboxInput(), "yes"),
    (forms.Textarea(attrs={"rows": 3}), HOSTILE),
    (forms.Textarea(), None),
    (forms.Select(choices=CHOICES), "a"),
    (forms.Select(choices=CHOICES, attrs={"data-picker": True}), HOSTILE),
    (forms.SelectMultiple(choices=CHOICES), ["a", "3"]),
    (forms.NullBooleanSelect(), True),
    (forms.RadioSelect(choices=CHOICES), "3"),
    (forms.CheckboxSelectMultiple(choices=CHOICES), ["a", HOSTILE]),
    (forms.CheckboxSelectMultiple(choices=CHOICES, attrs={"class": "x"}), None),
    (forms.SplitDateTimeWidget(), None),
    (forms.SelectDateWidget(years=[2026]), datetime.date(2026, 10, 5)),
]


@pytest.mark.parametrize(
    ("widget", "value"), WIDGETS, ids=[type(widget).__name__ for widget, _ in WIDGETS]
)
def test_a_widget_is_drawn_as_django_draws_it(widget, value):
    own_id = {"id": f"id_{HOSTILE}"}
    quick = widget.render("name&", value, own_id, QuickRenderer())
    assertHTMLEqual(quick, widget.render("name&", value, own_id, DjangoTemplates()))


def test_each_tick_of_a_group_can_be_drawn_by_itself():
    class Ticks(forms.Form):
        default_renderer = QuickRenderer()
        kinds = forms.MultipleChoiceField(
            choices=[("a", HOSTILE)], widget=forms.CheckboxSelectMultiple
        )

    (option,) = Ticks()["kinds"]
    assert (
        option.tag() == '<input type="checkbox" name="kinds" value="a" id="id_kinds_0">'
    )


def test_a_widget_may_name_a_template_of_its_own():
    class Own(forms.CheckboxSelectMultiple):
        option_template_name = "django/forms/widgets/input_option.html"

    drawn = Own(choices=CHOICES).render("kinds", ["a"], {}, QuickRenderer())
    usual = Own(choices=CHOICES).render("kinds", ["a"], {}, DjangoTemplates())
    assertHTMLEqual(drawn, usual)


def test_the_portal_draws_its_forms_so():
    assert isinstance(forms.Form().renderer, QuickRenderer)
