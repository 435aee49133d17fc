"""Forms of the report pages."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from config.lib.forms import ANY_CHOICE, ScopedForm
from config.lib.paths import depth
from config.lib.periods import Month
from members.choices import Category
from organizations.access import Right
from organizations.models import Organization
from reports.monthly import month_of
from reports.roster import RosterQuery
from reports.services import summaries


class OrganizationField(forms.ModelChoiceField):
    """A tree in one list, each level below the highest set in by one space."""

    top = 1

    def label_from_instance(self, obj: Organization) -> str:
        return "　" * (depth(obj.path) - self.top) + str(obj)


def _organization_field(label: str) -> OrganizationField:
    return OrganizationField(
        Organization.objects.none(),
        label=label,
        error_messages={"invalid_choice": "请从列表中选择党组织。"},
        widget=forms.Select(attrs={"data-picker": ""}),
    )


def _offer(form: ScopedForm, right: str) -> None:
    """Offer the organizations where the user holds `right`, the first one chosen."""
    field = form.fields["organization"]
    field.queryset = (
        Organization.objects.with_right(form.user, right)
        .only("path", "short_name", "name")
        .order_by("path")
    )
    places = [post.organization for post in form.user.current_posts]
    field.top = min((depth(place.path) for place in places if place), default=1)
    form.initial.setdefault("organization", places[0].pk if places[0] else None)


class MonthlyForm(ScopedForm):
    """Which workbook to build."""

    organization = _organization_field("党组织")
    month = forms.ChoiceField(label="月份")

    def __init__(self, *args: Any, user: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        _offer(self, Right.EXPORT)
        months = summaries.kept_months(today)[::-1]
        self.fields["month"].choices = [(m.label, m.title) for m in months]
        # On the desk on the first days of a month is the month that has just ended.
        self.initial.setdefault("month", months[0 if today.day > 10 else 1].label)

    def clean_month(self) -> Month:
        return month_of(self.cleaned_data["month"])


class YearExportForm(ScopedForm):
    """What of which year to export: dues, or the ledger of 双带."""

    organization = _organization_field("党组织")
    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, user: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        _offer(self, Right.EXPORT)
        years = range(today.year, today.year - 5, -1)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]


class RosterExportForm(ScopedForm):
    """What to export, how much of it, and why."""

    empty_choice = ANY_CHOICE

    organization = _organization_field("范围")
    category = forms.ChoiceField(
        label="党员类别", required=False, choices=[("", ANY_CHOICE), *Category.choices]
    )
    with_contact = forms.BooleanField(
        label="包含手机号码和住址", required=False, help_text="须填写用途。"
    )
    with_id_number = forms.BooleanField(
        label="显示完整身份号码",
        required=False,
        help_text="不选时只显示首尾各一位；选择时须填写用途。",
    )
    purpose = forms.CharField(
        label="用途",
        required=False,
        max_length=200,
        widget=forms.TextInput(),
        help_text="写明用在哪项工作，如“党内统计年报核对”。用途会写入文件和审计记录。",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        _offer(self, Right.EXPORT)
        if not user.has_right(Right.REVEAL_ID):
            del self.fields["with_id_number"]
        if not user.has_right(Right.REVEAL_CONTACT):
            del self.fields["with_contact"]

    def query(self) -> RosterQuery:
        given = self.cleaned_data
        return RosterQuery(
            given["organization"],
            category=given["category"],
            with_id_number=given.get("with_id_number", False),
            with_contact=given.get("with_contact", False),
        )
