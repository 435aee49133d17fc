"""Optimistic locking: a form knows the version it was filled in from.

The form carries `version` hidden (`VersionedFormMixin`), the service writes with
`save_versioned` on the row it locked, and the view answers a `StaleError` with
`stale_response`: 409, both values side by side, and the form to submit again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.lib.errors import RuleError


class StaleError(RuleError):
    """Somebody else saved this row since the form was opened."""

    def __init__(
        self,
        message: str = "这条记录刚刚被别人修改过，请核对后重新保存。",
        code: str = "stale",
        params: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, code, params)


@dataclass(frozen=True)
class Conflict:
    """One field whose value on the form is not the stored one, as shown."""

    label: str
    mine: str
    stored: str


def check_version(instance: Any, version: int | None) -> None:
    """Raise StaleError unless the locked row `instance` is at `version`.

    None says that the caller holds no form, as an import does: the latest counts.
    """
    if version is not None and instance.version != version:
        raise StaleError


def save_versioned(
    instance: Any,
    *,
    version: int | None,
    update_fields: Iterable[str] | None = None,
) -> None:
    """Save a row locked in this transaction and count its version up.

    `version` is the one the form was filled in from. Raises StaleError when the
    row has moved on since.
    """
    check_version(instance, version)
    instance.version += 1
    if update_fields is None:
        instance.save()
        return
    fields = {*update_fields, "version"}
    if any(field.name == "updated_at" for field in instance._meta.fields):
        fields.add("updated_at")
    instance.save(update_fields=sorted(fields))


class VersionedFormMixin:
    """A form for one existing row: adds the hidden field `version`.

    Stand it left of the form class. `self.instance` must be set when the form's own
    `__init__` returns (a ModelForm does that).
    """

    instance: Any
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        version = getattr(self.instance, "version", None)
        if self.instance.pk is not None:
            self.fields["version"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=version, label="版本"
            )

    def stale_display(self, name: str, value: Any) -> str:
        """Return how the 409 page shows `value` of field `name`; override to mask."""
        return display_value(self.fields[name], value)


class VersionedAdminForm(forms.ModelForm):
    """The form of a ModelAdmin, whose fields end with `opened_version`.

    ModelAdmin narrows the choices. (The model's own `version` cannot be named there:
    it is not editable.) A stale save is drawn again with the reason.
    """

    opened_version = forms.IntegerField(
        widget=forms.HiddenInput, required=False, label="版本"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["opened_version"] = self.instance.version


def display_value(field: forms.Field, value: Any) -> str:
    """Return a form value as a person reads it: labels for codes, — for nothing."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, models.Model):
        return str(value)
    choices = getattr(field, "choices", None)
    if choices is not None and not isinstance(field, forms.ModelChoiceField):
        flat = {str(key): str(label) for key, label in choices}
        return flat.get(str(value), str(value))
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "、".join(display_value(field, each) for each in value) or "—"
    return str(value)


def conflicts(form: Any, fresh: models.Model) -> list[Conflict]:
    """Return the fields whose value on the bound `form` is not the stored one."""
    found = []
    for name, field in form.fields.items():
        if name == "version" or not hasattr(fresh, name):
            continue
        stored = getattr(fresh, name)
        if isinstance(stored, models.Manager):
            stored = list(stored.all())
        mine = form.cleaned_data.get(name)
        shown = form.stale_display(name, mine), form.stale_display(name, stored)
        if shown[0] != shown[1]:
            found.append(Conflict(str(field.label or name), *shown))
    return found


def renew(form: Any, version: int, error: StaleError | None = None) -> None:
    """Let a bound form be sent again after somebody was quicker; what was typed stays.

    `version` is the newest; the `error` stands above the form.
    """
    form.data = form.data.copy()
    form.data[form.add_prefix("version")] = version
    if error is not None:
        form.add_error(None, error)


def stale_response(
    request: HttpRequest,
    form: Any,
    fresh: Any,
    *,
    title: str,
    cancel_url: str,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer 409: both values side by side, and the form at the newest version.

    `fresh` is the row read again; submitting the page's form saves the actor's
    values over it, unless it has changed once more.
    """
    rows = conflicts(form, fresh)
    renew(form, fresh.version)
    context = {
        "page_title": title,
        "form": form,
        "conflict_headings": ["栏目", "您填写的", "现在已保存的"],
        "conflict_rows": [[row.label, row.mine, row.stored] for row in rows],
        "cancel_url": cancel_url,
        **(extra or {}),
    }
    return render(request, "stale.html", context, status=409)
