"""Forms about moving the formal relation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from config.lib.dates import parse_date
from config.lib.errors import RuleError
from config.lib.forms import ScopedForm
from config.lib.paths import ancestors
from config.lib.versions import VersionedFormMixin
from members.choices import TransferDestination, TransferDirection
from members.forms.members import MemberAddForm, date_field
from members.imports.places import organization_key
from members.models import Transfer
from members.parameters import USUAL_DAYS
from members.services.transfers import Course
from members.services.transfers_in import Incoming
from organizations import parameters
from organizations.models import Organization
from organizations.querysets import OrganizationQuerySet

# Fields that only one of the two ways has.
_OF_WAY = {
    TransferDirection.WITHIN: ("target",),
    TransferDirection.OUT: ("addressee", "target_name", "valid_days"),
}


class MonthField(forms.CharField):
    """A month as offices write it; cleans to its first day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "最后一次交纳的月份，如 2026-10")
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> date | None:
        text = super().clean(value)
        if not text:
            return None
        parsed = parse_date(text)
        if parsed is None or parsed.precision == "year":
            raise RuleError("请写到月份，如 2026-10。", code="dues_paid_to")
        return parsed.date.replace(day=1)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


def days_field() -> forms.IntegerField:
    return forms.IntegerField(
        label="有效期天数",
        min_value=1,
        max_value=999,
        help_text="一般市内10天、市外30天，最长不超过3个月",
    )


class TransferForm(ScopedForm):
    """Where relations of one branch go, within the street or out of it."""

    destination = forms.ChoiceField(label="去向", choices=TransferDestination.choices)
    target = forms.CharField(
        label="接收党支部",
        max_length=120,
        help_text="本街道的党支部，写全称、简称或短代码",
    )
    addressee = forms.CharField(
        label="介绍信抬头",
        max_length=120,
        help_text="接收的基层党委，如“中共某区某街道工作委员会”",
    )
    target_name = forms.CharField(label="转往党组织", max_length=120)
    valid_days = days_field()
    dues_paid_to = MonthField(label="党费交至")
    reason = forms.CharField(label="转接原因", max_length=200, required=False)

    def __init__(
        self, *args: Any, branch: Organization, way: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.branch, self.way = branch, way
        self.fields["valid_days"].initial = parameters.get(USUAL_DAYS)
        for other, names in _OF_WAY.items():
            for name in names:
                if other != way:
                    del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if text := data.get("target", ""):
            try:
                data["target_id"] = find_branch(text, self.branch)
            except RuleError as error:
                self.add_error("target", error)
        return data

    def course(self) -> Course:
        """Where the people of a valid form go."""
        data = self.cleaned_data
        return Course(
            direction=self.way,
            destination=data["destination"],
            target_id=data.get("target_id"),
            target_name=data.get("target_name", ""),
            addressee=data.get("addressee", ""),
            valid_days=data.get("valid_days"),
            reason=data["reason"],
        )


def find_branch(text: str, near: Organization) -> int:
    """Return the branch of this street that was typed. Raises RuleError."""
    branches = Organization.objects.branches().open()
    return named_organization(text, branches, near, "党支部")


def named_organization(
    text: str, organizations: OrganizationQuerySet, near: Organization, kind: str
) -> int:
    """Return the one of `organizations` in the street of `near` that was typed.

    Raises RuleError for none and for several.
    """
    key = organization_key(text)
    of_street = organizations.within([ancestors(near.path)[0]])
    found = [
        each.pk
        for each in of_street.only("name", "short_name", "code")
        if key in map(organization_key, (each.name, each.short_name))
        or each.code == text.strip().upper()
    ]
    if len(found) == 1:
        return found[0]
    raise RuleError(
        f"本街道有几个{kind}都叫“{text[:40]}”，请填写短代码。"
        if found
        else f"本街道没有叫“{text[:40]}”的{kind}，请核对全称、简称或短代码。",
        code="target",
    )


class TransferAmendForm(VersionedFormMixin, TransferForm):
    """The same of a transfer written down already."""

    def __init__(self, *args: Any, instance: Transfer, **kwargs: Any) -> None:
        self.instance = instance
        names = ("destination", "addressee", "target_name", "valid_days", "reason")
        initial = {name: getattr(instance, name) for name in names}
        initial |= {"dues_paid_to": instance.dues_paid_to}
        if instance.target is not None:
            initial["target"] = instance.target.short_name
        super().__init__(
            *args,
            branch=instance.place,
            way=instance.direction,
            initial=initial,
            **kwargs,
        )


class TransferInForm(MemberAddForm):
    """Who comes by a letter from outside, and what stands on it."""

    foreign_number = forms.CharField(label="来函编号", max_length=40)
    source_name = forms.CharField(
        label="转出党组织", max_length=120, help_text="开具介绍信的党组织，回执寄给它"
    )
    issued_on = date_field("介绍信开具日期")
    valid_days = days_field()
    dues_paid_to = MonthField(label="党费交至")
    destination = forms.ChoiceField(
        label="转入依据", choices=TransferDestination.choices
    )
    reason = forms.CharField(label="转接原因", max_length=200, required=False)
    starts_on = date_field("接收日期", help_text="从这一天起在本支部在册")
    kind = start_reason = None

    field_order = [
        *("foreign_number", "source_name", "issued_on", "valid_days", "dues_paid_to"),
        *("destination", "reason", "organization", "starts_on", "id_number", "name"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_days"].initial = parameters.get(USUAL_DAYS)

    def letter(self) -> Incoming:
        data = self.cleaned_data
        return Incoming(**{name: data[name] for name in _LETTER_FIELDS})

    def values(self) -> dict[str, Any]:
        """What `add_member` takes of the person."""
        values = super().values()
        return {k: v for k, v in values.items() if k not in _LETTER_FIELDS}


_LETTER_FIELDS = tuple(Incoming.__dataclass_fields__)


class StepForm(VersionedFormMixin, forms.Form):
    """A step of one transfer, seen as it was when the page was opened."""

    def __init__(self, *args: Any, instance: Transfer, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class DayForm(StepForm):
    day = date_field("日期")


class WordsForm(StepForm):
    words = forms.CharField(label="原因", max_length=200)


class ReissueForm(StepForm):
    valid_days = days_field()


class TogetherForm(forms.Form):
    """A step of many transfers that asks nothing more."""


class TogetherDayForm(TogetherForm):
    day = date_field("日期")
