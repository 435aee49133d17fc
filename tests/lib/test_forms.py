"""Lists to tick: what was offered is taken, whatever else was sent is refused."""

import pytest
from django import forms
from django.http import QueryDict

from config.lib.forms import TickedField


class TickForm(forms.Form):
    people = TickedField(
        coerce=int, error_messages={"invalid_choice": "名单里没有这个人。"}
    )

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = offered


def test_what_was_offered_is_taken_in_the_order_sent():
    form = TickForm(QueryDict("people=3&people=1"), offered=[(1, "甲"), (3, "乙")])

    assert form.is_valid()
    assert form.cleaned_data["people"] == [3, 1]


@pytest.mark.parametrize("sent", ["2", "01", "x", " 1", "1,3"])
def test_what_was_not_offered_is_refused(sent):
    data = QueryDict(mutable=True)
    data.setlist("people", ["1", sent])

    form = TickForm(data, offered=[(1, "甲"), (3, "乙")])

    assert form.errors["people"] == ["名单里没有这个人。"]


def test_choices_set_later_are_the_ones_that_hold():
    form = TickForm(QueryDict("people=5"), offered=[(1, "甲")])
    form.fields["people"].choices = [(5, "丙")]

    assert form.is_valid()
