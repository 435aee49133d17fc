import pickle

import pytest
from django import forms

from config.lib.errors import RuleError


def test_error_carries_its_sentence_and_code():
    error = RuleError("预备期未满一年。", code="probation_short")
    assert (error.text, error.code) == ("预备期未满一年。", "probation_short")
    assert str(error) == "预备期未满一年。"


def test_parameters_are_filled_in():
    error = RuleError("还差%(days)s天。", code="short", params={"days": 3})
    assert error.text == "还差3天。"


def test_error_survives_pickling_to_a_worker_and_back():
    error = pickle.loads(pickle.dumps(RuleError("不行。", code="no")))
    assert (error.text, error.code) == ("不行。", "no")


@pytest.mark.parametrize("field", [None, "name"])
def test_form_takes_the_error_as_it_is(field):
    class NameForm(forms.Form):
        name = forms.CharField()

    form = NameForm({"name": "雷芳"})
    form.is_valid()
    form.add_error(field, RuleError("姓名重复。", code="twice"))
    assert form.errors[field or "__all__"] == ["姓名重复。"]
    assert form.has_error(field or "__all__", "twice")
