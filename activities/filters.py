"""The filters of the lists of activities and participations."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from activities.choices import ActivityKind, ActivityState
from activities.querysets import ActivityQuerySet
from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.errors import RuleError
from config.lib.forms import ANY_CHOICE, ScopedForm
from config.lib.periods import Month, parse_period
from organizations.models import Organization

MONTHS_OFFERED = 25


# Of what is owed and planned also months to come.
MONTHS_AHEAD = 12


def month_choices(today: date) -> list[tuple[str, str]]:
    months = [Month.containing(today)]
    while len(months) < MONTHS_OFFERED:
        months.append(months[-1].previous())
    return [(month.label, month.title) for month in months]


class PlaceAndMonthForm(ScopedForm):
    """A place with all below it, and a month."""

    empty_choice = ANY_CHOICE

    organization = KeptModelChoiceField(
        label="党组织",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": "", "aria-label": "党组织"}),
    )
    month = forms.CharField(label="月份", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = month_choices(today)
        wanted = self.data.get("month", "")
        if wanted and wanted not in dict(choices):
            # An older month that a report's figure leads to.
            choices.append((wanted[:7], wanted[:7]))
        self.fields["month"].widget = forms.Select(choices=[("", ANY_CHOICE), *choices])

    def clean_month(self) -> Month | None:
        text = self.cleaned_data["month"]
        if not text:
            return None
        try:
            period = parse_period(text)
        except RuleError as error:
            raise forms.ValidationError(str(error)) from None
        if not isinstance(period, Month):
            raise forms.ValidationError("请选择月份。")
        return period

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def organizations(self) -> QuerySet[Organization]:
        """Where the user sees members, below the chosen place."""
        seen = Organization.objects.with_members_visible_to(self.user)
        chosen = self.cleaned_data.get("organization")
        if chosen is None:
            return seen
        return seen & Organization.objects.subtree(chosen)


class ActivityFilter(PlaceAndMonthForm):
    field_order = ["q", "kind", "organization", "month", "state"]

    q = forms.CharField(
        label="搜索主题或地点",
        required=False,
        max_length=50,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "主题或地点"}),
    )
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", ANY_CHOICE), *ActivityKind.choices]
    )
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", ANY_CHOICE), *ActivityState.choices]
    )

    def narrow(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """Apply what is valid; a wrong value gives nothing rather than everything."""
        if not self.is_valid():
            return activities.none()
        data = self.cleaned_data
        if data["q"]:
            activities = activities.filter(title__contains=data["q"]) | (
                activities.filter(place__contains=data["q"])
            )
        if data["kind"]:
            activities = activities.filter(kind=data["kind"])
        if data["state"]:
            activities = activities.filter(state=data["state"])
        if data["month"]:
            activities = activities.during(data["month"])
        if data["organization"]:
            activities = activities.filter(organization__in=self.organizations())
        return activities


class ParticipationFilter(PlaceAndMonthForm):
    """`people` lists each member once instead of each participation."""

    people = forms.BooleanField(label="按人汇总", required=False)


class BoardFilter(PlaceAndMonthForm):
    """A place and a month, which may lie ahead."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        ahead = [Month.containing(today)]
        while len(ahead) <= MONTHS_AHEAD:
            ahead.append(ahead[-1].next())
        known = [(month.label, month.title) for month in reversed(ahead[1:])]
        past = list(self.fields["month"].widget.choices)[1:]
        choices = dict([*known, *past])
        self.fields["month"].widget.choices = [("", "本月"), *choices.items()]


class CalendarFilter(BoardFilter):
    """The same with a kind; `view` is the month or the list."""

    field_order = ["organization", "kind", "month", "view"]

    kind = forms.ChoiceField(
        label="类型", required=False, choices=[("", ANY_CHOICE), *ActivityKind.choices]
    )
    view = forms.ChoiceField(
        required=False,
        choices=[("", "月历"), ("list", "列表")],
        widget=forms.HiddenInput,
    )

    def narrow(self, activities: ActivityQuerySet) -> ActivityQuerySet:
        """Apply what is valid; a wrong value gives nothing rather than everything."""
        if not self.is_valid():
            return activities.none()
        if self.cleaned_data["kind"]:
            activities = activities.filter(kind=self.cleaned_data["kind"])
        if self.cleaned_data["organization"]:
            activities = activities.filter(organization__in=self.organizations())
        return activities
