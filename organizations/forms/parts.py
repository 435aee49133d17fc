"""Fields that several forms have."""

from __future__ import annotations

from typing import Any

from django import forms

from config.lib.choices import PlainModelChoiceField, PlainSelect
from organizations.models import Organization


def version_field() -> forms.IntegerField:
    """The version of the row that a form was filled in from."""
    return forms.IntegerField(required=False, widget=forms.HiddenInput)


def date_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput, **options)


def time_field(label: str, **options: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput,
        error_messages={"invalid": "时间不对，请按 09:00 的样子填写。"},
        **options,
    )


def place_field(label: str, **options: Any) -> PlainModelChoiceField:
    """A Party organization; narrowed by the form that has it."""
    return PlainModelChoiceField(
        label=label,
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        widget=PlainSelect(attrs={"data-picker": "", "aria-label": label}),
        **options,
    )
