"""Forms about commendations."""

from __future__ import annotations

from typing import Any

from django import forms

from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, NO_CHOICE, ScopedForm
from members.choices.commendations import CommendationLevel
from members.forms.members import date_field
from members.parameters.commendations import TITLES
from members.rules.commendations import DEED_LENGTH
from organizations import parameters
from organizations.models import Organization


def _title_choices(empty: str) -> list[tuple[str, str]]:
    return [("", empty), *((title, title) for title in parameters.get(TITLES))]


class CommendationForm(forms.Form):
    """What a member was given, for what, when and by whom."""

    title = forms.ChoiceField(label="荣誉称号")
    level = forms.ChoiceField(
        label="级别", choices=[("", NO_CHOICE), *CommendationLevel.choices]
    )
    awarded_on = date_field("表彰日期")
    approver = forms.CharField(
        label="表彰（批准）单位", max_length=120, help_text="如“中共江滨街道工作委员会”"
    )
    document_number = forms.CharField(label="文号", max_length=60, required=False)
    deed = forms.CharField(
        label="主要事迹",
        max_length=DEED_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].choices = _title_choices(NO_CHOICE)


class CommendationFilterForm(ScopedForm):
    """GET form of the list of a year."""

    empty_choice = ANY_CHOICE

    year = forms.ChoiceField(label="年度", required=False)
    organization = KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )
    title = forms.ChoiceField(label="荣誉称号", required=False)
    level = forms.ChoiceField(
        label="级别",
        required=False,
        choices=[("", ANY_CHOICE), *CommendationLevel.choices],
    )

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = range(this_year, this_year - 10, -1)
        self.fields["year"].choices = [(str(year), f"{year}年") for year in years]
        self.fields["title"].choices = _title_choices(ANY_CHOICE)
