"""Forms about dues: two of many people at once, the others of one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, ScopedForm
from config.lib.versions import VersionedFormMixin
from members.choices.dues import PayerKind
from members.dues import BaseRow, Payer, Sheet
from members.forms.members import date_field
from members.forms.transfers import MonthField
from members.models import DuesStanding
from members.rules.dues import OF_INCOME, REASON_LENGTH
from members.services.dues_bases import Basis
from organizations.models import Organization

# Kinds that a branch may choose by itself; less or nothing needs an approval.
CHOSEN_KINDS = [pair for pair in PayerKind.choices if pair[0] != PayerKind.REDUCED]
_MONEY = forms.DecimalField(
    min_value=Decimal(0), max_digits=9, decimal_places=2, required=False
)
NOT_MONEY = "请填写金额，最多两位小数，如 12.50。"


def money_field(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=Decimal(0), max_digits=9, decimal_places=2, **options
    )


def _money(text: str) -> Decimal | None:
    """The sum that was typed, None for nothing; raises ValidationError."""
    try:
        return _MONEY.clean(text.strip().removesuffix("元"))
    except ValidationError:
        raise ValidationError(NOT_MONEY) from None


class ManyForm(forms.Form):
    """A form with a line for each of many people, whose lines keep what was typed."""

    def __init__(self, data: Any, *, rows: list[Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rows = rows
        if self.is_bound:
            for row in rows:
                self.take(row)

    def take(self, row: Any) -> None:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for row in self.rows:
            try:
                self.read(row)
            except ValidationError as error:
                row.error = "".join(error.messages)
        if wrong := sum(1 for row in self.rows if row.error):
            raise ValidationError(f"有{wrong}人的填写须改正，没有保存。", code="rows")
        return data

    def read(self, row: Any) -> None:
        raise NotImplementedError

    def refuse(self, refused: dict[int, str]) -> None:
        """Put what the service said beside the people it is about."""
        for row in self.rows:
            row.error = refused.get(row.pk, "")


class MarkForm(ManyForm):
    """Who of a branch has paid for a month."""

    paid_on = date_field("交纳日期", initial=timezone.localdate)

    def __init__(self, data: Any, *, sheet: Sheet, **kwargs: Any) -> None:
        self.payments: dict[int, Decimal | None] = {}
        for row in sheet.waiting:
            row.typed = "" if row.due is None else f"{row.due:f}"
            row.is_ticked = row.due is not None
        super().__init__(data, rows=sheet.waiting, **kwargs)

    def take(self, row: Payer) -> None:
        row.is_ticked = f"paid-{row.pk}" in self.data
        row.typed = self.data.get(f"sum-{row.pk}", row.typed)

    def read(self, row: Payer) -> None:
        if row.is_ticked:
            self.payments[row.pk] = _money(row.typed)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.payments:
            raise ValidationError("请勾选已经交纳的党员。", code="nobody")
        return data


class BasesForm(ManyForm):
    """What the people of a branch pay from, from a month on."""

    def __init__(self, data: Any, **kwargs: Any) -> None:
        self.bases: dict[int, Basis] = {}
        super().__init__(data, **kwargs)

    def take(self, row: BaseRow) -> None:
        if not row.is_reduced:
            row.kind = self.data.get(f"kind-{row.pk}", "")
            row.typed = self.data.get(f"value-{row.pk}", "")
            row.seen = self.data.get(f"seen-{row.pk}", "")

    def read(self, row: BaseRow) -> None:
        if row.is_reduced or not (row.kind or row.typed.strip()):
            return
        value = _money(row.typed)
        if row.kind not in dict(CHOSEN_KINDS):
            raise ValidationError("请选择缴费类别。")
        if row.kind in OF_INCOME and value is None:
            raise ValidationError("请填写核算基数（月收入）。")
        seen = int(row.seen) if str(row.seen).isdigit() else None
        self.bases[row.pk] = Basis(row.kind, value, seen)


class PayForm(forms.Form):
    """Months of one member, behind or ahead."""

    first = MonthField(label="从", help_text="第一个月，如 2026-07")
    last = MonthField(label="交至", help_text="最后一个月，如 2026-10")
    each = money_field(
        "每月实交（元）", required=False, help_text="不填按核定的应交金额"
    )
    paid_on = date_field("交纳日期", initial=timezone.localdate)


class ReductionForm(forms.Form):
    """A member pays less or nothing for some months."""

    first = MonthField(label="从", help_text="第一个月，如 2026-10")
    last = MonthField(label="至", help_text="最后一个月；期满自动恢复原来的标准")
    monthly = money_field("每月实际应交（元）", help_text="免交填 0")
    reason = forms.CharField(
        label="实际困难",
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    approver = forms.CharField(
        label="批准的党委", max_length=120, help_text="经支部研究，报上一级党委批准"
    )
    approved_on = date_field("批准日期")


class OpeningForm(VersionedFormMixin, forms.Form):
    """Up to which month somebody had paid before the ledger begins."""

    opened_to = MonthField(label="此前已交至")
    words = forms.CharField(
        label="依据", max_length=100, help_text="如“党费证”“纸质台账”“恢复党籍”"
    )

    def __init__(self, *args: Any, instance: DuesStanding, **kwargs: Any) -> None:
        self.instance = instance
        initial: dict[str, Any] = {}
        if instance.pk is not None:
            initial = {"opened_to": instance.opened_to, "words": instance.words}
        super().__init__(*args, initial=initial, **kwargs)

    def stale_display(self, name: str, value: Any) -> str:
        return f"{value:%Y-%m}" if isinstance(value, date) else str(value or "—")


class PeopleFilterForm(ScopedForm):
    """GET form of the people and how they stand."""

    empty_choice = ANY_CHOICE

    q = forms.CharField(
        label="姓名、拼音、首字母",
        required=False,
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "placeholder": "姓名、拼音或首字母",
                "autocomplete": "off",
                "type": "search",
            }
        ),
    )
    organization = KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )
    behind = forms.ChoiceField(
        label="交纳情况",
        required=False,
        choices=[
            ("", ANY_CHOICE),
            ("1", "欠交"),
            ("3", "欠3个月以上"),
            ("6", "欠6个月以上"),
            ("none", "还没有登记过"),
        ],
    )


class BranchFilterForm(ScopedForm):
    """GET form of the branches and a month."""

    empty_choice = ANY_CHOICE

    month = forms.ChoiceField(label="月份", required=False)
    organization = KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )
    only = forms.ChoiceField(
        label="登记情况",
        required=False,
        choices=[("", ANY_CHOICE), ("none", "还没有登记的支部")],
    )

    def __init__(
        self, *args: Any, months: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months
