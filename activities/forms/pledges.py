"""The form of a member's pledges: each item with a tick and how it will be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from activities.models import ProgramItem

_EXAMPLE = "选填，例如：每月入户宣讲一次"


class PledgeForm(forms.Form):
    """`items` in the order shown; `standing` are the words pledged, by item id."""

    def __init__(
        self,
        *args: Any,
        items: Sequence[ProgramItem],
        standing: Mapping[int, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            self.fields[f"take-{item.pk}"] = forms.BooleanField(
                label=f"{item.program.name}：{item.name}",
                required=False,
                initial=item.pk in standing,
            )
            self.fields[f"words-{item.pk}"] = forms.CharField(
                label="怎样做",
                max_length=200,
                required=False,
                initial=standing.get(item.pk, ""),
                widget=forms.TextInput(attrs={"placeholder": _EXAMPLE}),
            )

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"take-{i.pk}"], self[f"words-{i.pk}"]) for i in self.items]

    @property
    def words(self) -> dict[int, str]:
        """Words of each item that was taken, by its id."""
        data = self.cleaned_data
        return {
            item.pk: data[f"words-{item.pk}"]
            for item in self.items
            if data[f"take-{item.pk}"]
        }
