"""Forms of funds: lines, receipts, projects and their steps, payments."""

from __future__ import annotations

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import (
    ANY_CHOICE,
    NO_CHOICE,
    GroupedForm,
    ScopedForm,
    request_id_field,
    words_field,
)
from config.lib.versions import VersionedFormMixin
from organizations.access import Right
from organizations.fund_choices import (
    ENTERED_KINDS,
    FundClass,
    FundSource,
    FundStage,
    ProjectGroup,
)
from organizations.models import FundLine, FundProject, Organization
from organizations.services.fund_payments import PaymentFacts
from organizations.services.fund_projects import ProjectFacts, StepFacts
from organizations.services.funds import LineFacts, ReceiptFacts

MOST_DIGITS = 20
NO_NAMES = "会写进审计记录，请不要写居民姓名"


class MoneyField(forms.CharField):
    """Yuan as people write it: 12,000.50, ￥12000, 12000元. Gives a Decimal."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        options.setdefault("help_text", "单位：元，最多两位小数")
        super().__init__(max_length=MOST_DIGITS, **options)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return value
        text = unicodedata.normalize("NFKC", super().to_python(value))
        if len(text) > MOST_DIGITS:
            raise forms.ValidationError(
                f"金额最多 {MOST_DIGITS} 个字，请核对是否多写了几位；单位是元。",
                code="money",
            )
        text = text.replace(",", "").replace(" ", "").removeprefix("¥")
        text = text.removesuffix("元")
        if not text:
            return None
        try:
            found = Decimal(text) if text.isascii() else Decimal("NaN")
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or "e" in text.lower():
            raise forms.ValidationError(
                f"“{value}”不是金额；请只写数字，单位是元，如 1200.50，"
                "不要写“万元”或别的字。",
                code="money",
            )
        return found

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"])

    def run_validators(self, value: Any) -> None:
        """The text's length is checked above; how much may be, by the service."""


def _date_field(label: str, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput, **options)


def _today_field(label: str) -> forms.DateField:
    return _date_field(label, initial=timezone.localdate)


def _place_field(label: str, **options: Any) -> PlainModelChoiceField:
    return PlainModelChoiceField(
        label=label,
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        widget=PlainSelect(attrs={"data-picker": "", "aria-label": label}),
        **options,
    )


class _PlaceMixin:
    """Offers the organizations whose funds the user sees."""

    right = Right.VIEW_FUNDS
    fields: dict[str, Any]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "organization" in self.fields:
            places = Organization.objects.with_right(user, self.right)
            if self.right == Right.KEEP_FUNDS:
                places = places.open()
            self.fields["organization"].queryset = places.order_by("path")


class LineForm(_PlaceMixin, ScopedForm):
    right = Right.KEEP_FUNDS
    organization = _place_field("党组织")
    year = forms.TypedChoiceField(label="年度", coerce=int)
    source = forms.ChoiceField(
        label="经费来源", choices=[("", NO_CHOICE), *FundSource.choices]
    )
    name = forms.CharField(
        label="用途", max_length=60, help_text="如：为民服务专项、党建工作经费"
    )
    budget = MoneyField(label="预算")
    note = forms.CharField(label="说明", max_length=200, required=False)
    request_id = request_id_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "year" in self.fields:
            year = timezone.localdate().year
            self.fields["year"].choices = [
                (each, f"{each}年") for each in (year, year + 1, year - 1)
            ]

    def facts(self) -> LineFacts:
        data = self.cleaned_data
        return LineFacts(data["source"], data["name"], data["budget"], data["note"])


class LineAmendForm(VersionedFormMixin, LineForm):
    organization = None
    year = None
    request_id = None
    reason = words_field("修改的原因", 2, 200, help_text=NO_NAMES)

    def __init__(self, *args: Any, instance: FundLine, **kwargs: Any) -> None:
        self.instance = instance
        names = ("source", "name", "budget", "note")
        initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)


class ReceiptForm(forms.Form):
    kind = forms.ChoiceField(
        label="种类", choices=[(kind.value, kind.label) for kind in ENTERED_KINDS]
    )
    amount = MoneyField(label="金额")
    received_on = _today_field("日期")
    document = forms.CharField(label="文号或凭证号", max_length=60, required=False)
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text=NO_NAMES
    )
    request_id = request_id_field()

    def facts(self) -> ReceiptFacts:
        names = ("kind", "amount", "received_on", "document", "note")
        return ReceiptFacts(**{name: self.cleaned_data[name] for name in names})


class ReasonForm(forms.Form):
    reason = words_field("原因", 3, 200, help_text=NO_NAMES)


class ReasonlessForm(forms.Form):
    """Nothing but the yes."""


class VersionedReasonForm(ReasonForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ProjectForm(forms.Form):
    title = forms.CharField(
        label="项目名称", max_length=80, help_text="会公示，请不要写居民姓名"
    )
    number = forms.CharField(label="项目编号", max_length=30, required=False)
    category = forms.ChoiceField(
        label="项目类别",
        choices=[("", NO_CHOICE), *FundClass.choices],
        help_text="不得用于办公经费、工资补贴、还债和自用房屋",
    )
    proposed_by = forms.CharField(
        label="提出来源",
        max_length=80,
        required=False,
        help_text="如：居民代表会议、党员议事会、走访收集",
    )
    budget = MoneyField(label="项目预算")
    planned_end = _date_field("计划完成日期")
    summary = words_field("项目内容", 3, 300, required=False)
    request_id = request_id_field()

    def facts(self) -> ProjectFacts:
        names = (
            *("title", "category", "budget", "planned_end"),
            *("number", "proposed_by", "summary"),
        )
        return ProjectFacts(**{name: self.cleaned_data[name] for name in names})


class ProjectAmendForm(VersionedFormMixin, ProjectForm):
    request_id = None
    reason = words_field(
        "修改的原因",
        2,
        200,
        required=False,
        help_text=f"项目预算有变的必填；{NO_NAMES}",
    )

    def __init__(self, *args: Any, instance: FundProject, **kwargs: Any) -> None:
        self.instance = instance
        initial = {
            name: getattr(instance, name)
            for name in self.base_fields
            if hasattr(instance, name)
        }
        super().__init__(*args, initial=initial, **kwargs)


_DECISION_HELP: dict[str, str] = {
    FundStage.DISCUSSED: "哪次会议、怎么定的",
    FundStage.FILED: "审核意见、备案号",
    FundStage.ALLOTTED: "拨付依据",
    FundStage.CARRIED_OUT: "做了什么、由谁承办",
    FundStage.PAID: "付款是否全部结清",
    FundStage.ACCEPTED: "谁参加验收、结论",
    FundStage.PUBLISHED: "公示在哪里、公示几天",
}


class StepForm(forms.Form):
    """The next step of a project; only allotting has an amount."""

    done_on = _today_field("办理日期")
    decided_by = forms.CharField(
        label="由谁办理", max_length=80, help_text="会议或部门，如：社区党员大会"
    )
    decision = words_field("决定和结果", 3, 300)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        self.fields["decision"].help_text = _DECISION_HELP[step]
        if step == FundStage.ALLOTTED:
            self.fields["amount"] = MoneyField(label="拨付金额")
            self.order_fields(["amount"])

    def facts(self) -> StepFacts:
        data = self.cleaned_data
        return StepFacts(
            step=self.step,
            done_on=data["done_on"],
            decided_by=data["decided_by"],
            decision=data["decision"],
            amount=data.get("amount"),
        )


class PaymentForm(forms.Form):
    paid_on = _today_field("付款日期")
    amount = MoneyField(label="金额")
    voucher = forms.CharField(
        label="凭证号", max_length=40, help_text="会计凭证或发票号，如：记12-1"
    )
    payee = forms.CharField(label="收款人", max_length=80)
    purpose = words_field("付款事由", 2, 200)
    scan = forms.FileField(
        label="凭证扫描件",
        required=False,
        help_text="PDF 或照片，最大 20 MB",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )
    request_id = request_id_field()

    def facts(self) -> PaymentFacts:
        names = ("paid_on", "amount", "voucher", "payee", "purpose")
        return PaymentFacts(**{name: self.cleaned_data[name] for name in names})


class FundFilterForm(_PlaceMixin, ScopedForm):
    """GET form of the overview and of the publication list."""

    empty_choice = ANY_CHOICE
    organization = _place_field("党组织（含下级）", required=False)
    year = forms.IntegerField(
        required=False, min_value=2000, max_value=2100, widget=forms.HiddenInput
    )


class ProjectFilterForm(_PlaceMixin, GroupedForm):
    groups = ProjectGroup
    organization = _place_field("党组织（含下级）", required=False)
    category = forms.ChoiceField(
        label="项目类别",
        required=False,
        choices=[("", ANY_CHOICE), *FundClass.choices],
        widget=PlainSelect,
    )
