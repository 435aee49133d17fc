"""Forms about moving the formal relation."""

from __future__ import annotations

from typing import Any

from django import forms

from config.lib.dates import parse_date
from config.lib.errors import RuleError
from config.lib.forms import ScopedForm
from config.lib.paths import ancestors
from config.lib.versions import VersionedFormMixin
from members.choices import TransferDestination, TransferDirection
from members.forms.members import date_field
from members.imports.places import organization_key
from members.models import Affiliation, Transfer
from members.parameters import USUAL_DAYS
from organizations import parameters
from organizations.models import Organization

# Fields that only one of the two ways has.
_OF_WAY = {
    TransferDirection.WITHIN: ("target",),
    TransferDirection.OUT: ("addressee", "target_name", "valid_days"),
}


class TransferForm(ScopedForm):
    """Where a person's relation goes, within the street or out of it."""

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
    valid_days = forms.IntegerField(
        label="有效期天数",
        min_value=1,
        max_value=999,
        help_text="一般市内10天、市外30天，最长不超过3个月",
    )
    dues_paid_to = forms.CharField(
        label="党费交至", max_length=20, help_text="最后一次交纳的月份，如 2026-10"
    )
    reason = forms.CharField(label="转接原因", max_length=200, required=False)

    def __init__(
        self, *args: Any, affiliation: Affiliation, way: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.affiliation, self.way = affiliation, way
        self.fields["valid_days"].initial = parameters.get(USUAL_DAYS)
        for other, names in _OF_WAY.items():
            for name in names:
                if other != way:
                    del self.fields[name]

    def clean_dues_paid_to(self) -> Any:
        parsed = parse_date(self.cleaned_data["dues_paid_to"])
        if parsed is None or parsed.precision == "year":
            raise RuleError("请写到月份，如 2026-10。", code="dues_paid_to")
        return parsed.date.replace(day=1)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["direction"] = self.way
        if text := data.pop("target", ""):
            data["target_id"] = self._target_id(text)
        return data

    def _target_id(self, text: str) -> int | None:
        """Return the branch of this street that was typed, None beside an error."""
        key = organization_key(text)
        root = ancestors(self.affiliation.organization.path)[0]
        branches = Organization.objects.branches().open().within([root])
        found = [
            branch.pk
            for branch in branches.only("name", "short_name", "code")
            if key in map(organization_key, (branch.name, branch.short_name))
            or branch.code == text.strip().upper()
        ]
        if len(found) == 1:
            return found[0]
        self.add_error(
            "target",
            f"本街道有几个党支部都叫“{text[:40]}”，请填写短代码。"
            if found
            else f"本街道没有叫“{text[:40]}”的党支部，请核对全称、简称或短代码。",
        )
        return None


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
    valid_days = forms.IntegerField(
        label="有效期天数",
        min_value=1,
        max_value=999,
        help_text="一般市内10天、市外30天，最长不超过3个月",
    )
