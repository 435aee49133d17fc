"""The forms of a plan and its lines."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from activities.choices import ActivityKind
from activities.choices.plans import Repeat
from activities.models import Plan
from activities.services.plans import LineFacts, PlanFacts
from config.lib.choices import PlainModelChoiceField
from config.lib.forms import NO_CHOICE, ScopedForm
from config.lib.versions import display_value
from organizations.choices import OrganizationField
from organizations.models import Organization

SPARE_ROWS, MOST_ROWS = 4, 40
ALL_BRANCHES = "全部支部"


def month_words() -> list[tuple[str, str]]:
    return [("", "全年"), *((str(n), f"{n}月") for n in range(1, 13))]


class PlanForm(ScopedForm):
    """`organization` is left out where the plan exists: it does not move."""

    organization = PlainModelChoiceField(
        label="制定党组织",
        queryset=Organization.objects.none(),
        label_column="short_name",
    )
    title = forms.CharField(label="标题", max_length=100)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    month = forms.TypedChoiceField(
        label="月份", choices=month_words, coerce=int, empty_value=None, required=False
    )
    note = forms.CharField(
        label="说明", max_length=1000, required=False, widget=forms.Textarea
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if places is None:
            del self.fields["organization"]
        else:
            self.fields["organization"].queryset = places
        # Scoped forms put 请选择 here; no month means the whole year.
        self.fields["month"].choices = month_words()

    def stale_display(self, name: str, value: Any) -> str:
        return display_value(self.fields[name], value)


class LineForm(forms.Form):
    kind = forms.ChoiceField(
        label="类型", choices=[("", NO_CHOICE), *ActivityKind.choices], required=False
    )
    subject = forms.CharField(label="主题", max_length=60, required=False)
    starts_on = forms.DateField(
        label="最早开展日期",
        required=False,
        widget=forms.DateInput,
        help_text="留空为截止日期当月1日",
    )
    due_on = forms.DateField(label="截止日期", required=False, widget=forms.DateInput)
    times = forms.IntegerField(label="次数", min_value=1, max_value=31, initial=1)
    repeat = forms.ChoiceField(label="重复", choices=Repeat, initial=Repeat.ONCE)
    field = forms.ChoiceField(
        label="适用支部",
        choices=[("", ALL_BRANCHES), *OrganizationField.choices],
        required=False,
    )
    note = forms.CharField(label="要求", max_length=200, required=False)
    is_removed = forms.BooleanField(label="删除", required=False)

    @property
    def is_spare(self) -> bool:
        data = self.cleaned_data
        return data.get("is_removed") or not any(
            data.get(name) for name in ("kind", "due_on", "subject", "note")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.is_spare:
            return data
        if not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", "请选择类型；不要这一项时请勾选“删除”。")
        if not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "请填写截止日期。")
        if not data.get("starts_on") and data.get("due_on"):
            data["starts_on"] = data["due_on"].replace(day=1)
        return data


LineFormSet = forms.formset_factory(LineForm, extra=SPARE_ROWS, max_num=MOST_ROWS)


def facts_from(form: PlanForm, formset: Any) -> PlanFacts:
    """Facts of valid forms; rows in which nothing was written are spare ones."""
    data = form.cleaned_data
    lines = [
        LineFacts(**{k: v for k, v in row.cleaned_data.items() if k != "is_removed"})
        for row in formset
        if row.cleaned_data and not row.is_spare
    ]
    return PlanFacts(
        title=data["title"],
        year=data["year"],
        month=data["month"],
        note=data["note"],
        lines=lines,
    )


def initial_plan(today: date) -> dict[str, Any]:
    return {"year": today.year, "request_id": uuid4()}


def initial_of(plan: Plan) -> dict[str, Any]:
    names = ("title", "year", "month", "note", "version")
    return {name: getattr(plan, name) for name in names}


def initial_lines(plan: Plan) -> list[dict[str, Any]]:
    names = [name for name in LineForm.base_fields if name != "is_removed"]
    return [{name: getattr(line, name) for name in names} for line in plan.lines.all()]
