"""Fields that several forms of the liaison app have."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms


def words_field(label: str, rows: int, most: int, **options: Any) -> forms.CharField:
    """Free words of several lines."""
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.Textarea(attrs={"rows": rows}),
        **options,
    )


def request_id_field() -> forms.UUIDField:
    """What tells a form sent twice; drawn anew whenever the form is opened."""
    return forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
