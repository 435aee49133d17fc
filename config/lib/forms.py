"""Forms and filters whose dropdowns offer only what the user may choose.

A plain ModelForm or FilterSet with a foreign key offers every row. These bases take
the user, without whom they are a TypeError, and narrow every choice queryset that
has `offered_to` or `visible_to`; a forged choice is then invalid like a missing one.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import django_filters
from django import forms
from django.db import models

NO_CHOICE = "请选择"
ANY_CHOICE = "全部"


def scoped(queryset: models.QuerySet, user: Any) -> models.QuerySet:
    """Return the part of `queryset` that `user` may see.

    A model without `visible_to` holds no scoped rows (talents, say).
    """
    narrow = getattr(queryset, "visible_to", None)
    return narrow(user) if narrow is not None else queryset


def offered(queryset: models.QuerySet, user: Any) -> models.QuerySet:
    """Return the part of `queryset` that `user` may choose from.

    What he may see, unless the rows may be named more widely than their pages open:
    such a model says so by `offered_to` (the communities of a street, say).
    """
    choose = getattr(queryset, "offered_to", None)
    return choose(user) if choose is not None else scoped(queryset, user)


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


class TickedField(forms.TypedMultipleChoiceField):
    """Rows ticked in a list, however long.

    Django looks through all choices for each tick: at a few hundred of a few hundred
    that is most of the request. Groups of choices are not for this field.
    """

    def validate(self, value: Any) -> None:
        # The stubs allow for choices that are still to be called: here they were.
        choices: list[Any] = list(self.choices)  # type: ignore[arg-type]
        self._known = {str(key) for key, _ in choices}
        super().validate(value)

    def valid_value(self, value: Any) -> bool:
        return str(value) in self._known


def scope_choices(form: forms.BaseForm, user: Any, empty_label: str) -> None:
    """Narrow every choice queryset of `form`, and word its empty choice."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            if field.queryset is not None:
                field.queryset = offered(field.queryset, user)
            if field.empty_label is not None:
                field.empty_label = empty_label
        elif isinstance(field, forms.ChoiceField):
            word_blank_choice(field, empty_label)


def word_blank_choice(field: forms.ChoiceField, empty_label: str) -> None:
    """Put words in the place of Django's row of dashes."""
    choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
    if not choices or choices[0][0] not in {"", None}:
        return
    if choices[0][1] == empty_label and not hasattr(field, "empty_label"):
        return  # said so already: choices are looked through whenever they are set
    if hasattr(field, "empty_label"):
        # django-filter's own: it puts its blank choice in front by itself.
        field.empty_label = empty_label
        field.choices = choices[1:]
    else:
        field.choices = [("", empty_label), *choices[1:]]


class ScopedForm(forms.Form):
    """A plain form; `user` is keyword-only and must be given."""

    empty_choice = NO_CHOICE
    """Words of the empty choice; ANY_CHOICE in a form of filters."""
    error_title = ""
    """Words above a refused form, where mending it would be of no use."""

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        scope_choices(self, user, self.empty_choice)


class GroupedForm(ScopedForm):
    """GET form of a list with tabs; what is none of `groups` is the first tab."""

    empty_choice = ANY_CHOICE
    groups: type[models.TextChoices]

    group = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_group(self) -> str:
        group = self.cleaned_data["group"]
        return group if group in self.groups else ""


class ScopedModelForm(forms.ModelForm):
    """A model form; `user` is keyword-only and must be given."""

    error_title = ""  # as of ScopedForm

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        scope_choices(self, user, NO_CHOICE)


class ScopedFilterSet(django_filters.FilterSet):
    """Filters over a queryset that is scoped already; `user` scopes the choices."""

    def __init__(
        self, data: Any = None, queryset: Any = None, *, user: Any, **kwargs: Any
    ) -> None:
        if queryset is None:
            # Without one django-filter would take every row of the model.
            raise TypeError("ScopedFilterSet needs a scoped queryset")
        super().__init__(data, queryset, **kwargs)
        self.user = user

    @property
    def form(self) -> forms.Form:
        if not hasattr(self, "_form"):
            scope_choices(super().form, self.user, ANY_CHOICE)
        return self._form

    @property
    def is_filtered(self) -> bool:
        """Whether any filter but the order is in use."""
        if not self.form.is_valid():
            return bool(self.data)
        return any(
            value not in (None, "", [], ())
            and not (isinstance(value, models.QuerySet) and not value)
            for value in self.form.cleaned_data.values()
        )
