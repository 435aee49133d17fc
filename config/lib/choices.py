"""Dropdowns drawn in one go, and those of many rows kept until one of them changes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.forms.models import ModelChoiceIterator
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.lib.markup import escape_all

_MOST = 200  # kept dropdowns: one for each scope that somebody works in
_kept: dict[Hashable, tuple[Hashable, str]] = {}


def draw_options(pairs: Iterable[tuple[Any, Any]]) -> str:
    """Return the options of (key, label) pairs, escaped."""
    # Not list(): asked for their number, choices of rows would be counted first.
    pairs = [(key, str(text)) for key, text in pairs]
    keys = escape_all(["" if key is None else str(key) for key, _ in pairs])
    texts = escape_all([text for _, text in pairs])
    return "".join(
        f'<option value="{key}">{text}</option>'
        for key, text in zip(keys, texts, strict=True)
    )


class PlainSelect(forms.Select):
    """A select drawn in one go: Django's template costs 30 µs an option."""

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        choices: Any = self.choices
        is_kept = isinstance(choices, _KeptChoices)
        options = choices.drawn() if is_kept else draw_options(choices)
        for chosen in escape_all(self.format_value(value)):
            start = f'<option value="{chosen}"'
            options = options.replace(f"{start}>", f"{start} selected>", 1)
        final = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        # Keys and texts of the options are escaped.
        inner = SafeString(options)
        return format_html("<select{}>{}</select>", flatatt(final), inner)


class OfferedInput(forms.TextInput):
    """A line of text that offers some words; whatever is typed is taken."""

    def __init__(self, offered: Iterable[str], attrs: Any = None) -> None:
        super().__init__(attrs)
        self.offered = offered

    def render(
        self, name: str, value: Any, attrs: Any = None, renderer: Any = None
    ) -> SafeString:
        listed = f"offered-{name}"
        control = super().render(
            name, value, {**(attrs or {}), "list": listed}, renderer
        )
        options = SafeString(draw_options((word, "") for word in self.offered))
        return format_html(
            '{}<datalist id="{}">{}</datalist>', control, listed, options
        )


class _PlainChoices(ModelChoiceIterator):
    """Ids and labels as plain values: a street has some six hundred branches."""

    field: PlainModelChoiceField

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield ("", self.field.empty_label)
        yield from self.queryset.values_list("pk", self.field.label_column)


class PlainModelChoiceField(forms.ModelChoiceField):
    """A choice among rows that reads one column of each for its label."""

    iterator = _PlainChoices
    widget = PlainSelect

    def __init__(self, *args: Any, label_column: str, **kwargs: Any) -> None:
        self.label_column = label_column
        super().__init__(*args, **kwargs)


class _KeptChoices(_PlainChoices):
    def drawn(self) -> str:
        """Return the options, as they were drawn for the same question before."""
        rows = self.queryset.values_list("pk", self.field.label_column)
        try:
            sql, params = rows.query.sql_with_params()
        except EmptyResultSet:  # nobody's scope: nothing to ask for, nothing to keep
            return draw_options(self)
        key = (sql, repr(params), str(self.field.empty_label))
        # Asked before the rows are: one that comes in between is drawn too early.
        state = _state_of(self.queryset.model)
        kept = _kept.get(key)
        if kept is None or kept[0] != state:
            if len(_kept) >= _MOST:
                _kept.clear()
            kept = _kept[key] = (state, draw_options(self))
        return kept[1]


class KeptModelChoiceField(PlainModelChoiceField):
    """The same, drawn anew only when the history of the model has grown.

    For a model of which every change is written into its history, and whose dropdown
    stands on pages that are opened all day.
    """

    iterator = _KeptChoices


def _state_of(model: Any) -> Hashable:
    """Return what differs after every change that was written into the history.

    The number as well: a lower key may be committed after a higher one. And the
    moment, since a database that takes a change back may give its key again.
    """
    table = connection.ops.quote_name(model.history.model._meta.db_table)
    with connection.cursor() as cursor:
        # Asked on most pages: an aggregate of the ORM would cost three times as much.
        cursor.execute(
            f"SELECT MAX(history_id), COUNT(*), MAX(history_date) FROM {table}"
        )
        return tuple(cursor.fetchone())


def forget_choices() -> None:
    """Draw every dropdown anew, for tests that take back what they wrote."""
    _kept.clear()
