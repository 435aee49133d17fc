"""Forms of mutual aid: accounts, drives and what helps; gifts are in `donations`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import (
    ANY_CHOICE,
    NO_CHOICE,
    ScopedForm,
    request_id_field,
    words_field,
)
from config.lib.money import yuan
from config.lib.versions import VersionedFormMixin
from members.choices.mutual import RecipientKind
from members.forms.members import date_field
from members.models import AidDrive, AidFund, Donation
from members.parameters.hardship import AID_KINDS
from members.services.aid_payments import PaymentFacts
from members.services.mutual import DriveFacts, FundFacts
from organizations import parameters
from organizations.access import Right
from organizations.forms.funds import MoneyField
from organizations.models import Organization


def _place_field(label: str, **options: Any) -> PlainModelChoiceField:
    return PlainModelChoiceField(
        label=label,
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        widget=PlainSelect(attrs={"data-picker": "", "aria-label": label}),
        **options,
    )


def _offer_places(form: ScopedForm) -> None:
    """Offer the organizations where the user keeps mutual aid."""
    places = Organization.objects.with_right(form.user, Right.KEEP_AID).open()
    form.fields["organization"].queryset = places.order_by("path")


class FundForm(ScopedForm):
    organization = _place_field("党组织")
    name = forms.CharField(
        label="账户名称", max_length=60, help_text="如：江滨社区党员互助金"
    )
    opened_on = date_field("设立日期", initial=timezone.localdate)
    steering = words_field(
        "管理和监督小组",
        2,
        200,
        required=False,
        help_text="谁管理、谁监督，写单位职务或姓名；加密保存",
    )
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="如：开户行、使用范围"
    )
    request_id = request_id_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "organization" in self.fields:
            _offer_places(self)

    def facts(self) -> FundFacts:
        names = FundFacts.__dataclass_fields__
        return FundFacts(**{name: self.cleaned_data[name] for name in names})


class FundAmendForm(VersionedFormMixin, FundForm):
    organization = None
    request_id = None

    def __init__(self, *args: Any, instance: AidFund, **kwargs: Any) -> None:
        self.instance = instance
        names = FundFacts.__dataclass_fields__
        initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)


class DriveForm(forms.Form):
    name = forms.CharField(
        label="活动名称", max_length=80, help_text="会公示，如：2026年“共产党员献爱心”"
    )
    purpose = forms.CharField(
        label="捐赠用途", max_length=200, help_text="会公示，请不要写姓名"
    )
    starts_on = date_field("开始日期")
    ends_on = date_field("结束日期")
    request_id = request_id_field()

    def facts(self) -> DriveFacts:
        names = DriveFacts.__dataclass_fields__
        return DriveFacts(**{name: self.cleaned_data[name] for name in names})


class DriveAmendForm(VersionedFormMixin, DriveForm):
    request_id = None

    def __init__(self, *args: Any, instance: AidDrive, **kwargs: Any) -> None:
        self.instance = instance
        names = DriveFacts.__dataclass_fields__
        initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)


class PublishForm(VersionedFormMixin, forms.Form):
    published_on = date_field("公示日期", initial=timezone.localdate)
    published_where = forms.CharField(
        label="公示地点", max_length=100, help_text="如：社区公示栏、支部大会通报"
    )

    def __init__(self, *args: Any, instance: AidDrive, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class MutualReasonForm(forms.Form):
    reason = words_field("原因", 3, 200, help_text="会写进审计记录，请不要写姓名")


class _PaymentForm(ScopedForm):
    """What goes out of one of some accounts."""

    drive = forms.ModelChoiceField(
        label="用哪次活动的捐款",
        queryset=AidDrive.objects.none(),
        required=False,
        help_text="不指明的不选",
    )
    lot = forms.ModelChoiceField(
        label="发放物品", queryset=Donation.objects.none(), required=False
    )
    quantity = forms.IntegerField(
        label="发放数量", required=False, min_value=1, help_text="发放物品的才填"
    )
    amount = MoneyField(
        label="金额", required=False, help_text="单位：元；发放物品的不填，按折价计算"
    )
    paid_on = date_field("支出日期", initial=timezone.localdate)
    voucher = forms.CharField(
        label="凭证号",
        max_length=40,
        help_text="会计凭证或领条号，如：记12-1；列在明细上，请不要写姓名",
    )
    request_id = request_id_field()

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of several accounts each choice says whose it is.
        is_one = len(funds) == 1
        drives = AidDrive.objects.visible_to(self.user).filter(fund__in=funds)
        of_drive: Any = self.fields["drive"]
        of_drive.queryset = (
            drives.with_money().select_related("fund").order_by("-starts_on", "-pk")
        )
        of_drive.empty_label = "不指明"
        of_drive.label_from_instance = lambda drive: _of_fund(
            f"{drive}，剩 {yuan(drive.left)} 元", drive, is_one=is_one
        )
        lots: Any = self.fields["lot"]
        stock = Donation.objects.visible_to(self.user).filter(fund__in=funds)
        lots.queryset = (
            stock.in_stock().select_related("fund").order_by("donated_on", "pk")
        )
        lots.empty_label = "发钱，不发物品"
        lots.label_from_instance = lambda lot: _of_fund(
            f"{lot.item}，剩 {lot.left} {lot.measure}（{lot.number}）",
            lot,
            is_one=is_one,
        )

    def facts(self) -> PaymentFacts:
        data = self.cleaned_data
        given = {
            name: data[name]
            for name in PaymentFacts.__dataclass_fields__
            if name in data
        }
        return PaymentFacts(
            **given,
            drive_id=data["drive"].pk if data["drive"] else None,
            lot_id=data["lot"].pk if data["lot"] else None,
        )


def _of_fund(label: str, row: Any, *, is_one: bool) -> str:
    return label if is_one else f"{label}，{row.fund}"


def _offer_funds(form: forms.Form, funds: Any) -> None:
    """Offer accounts (with their money), each with what it can pay."""
    field: Any = form.fields["fund"]
    field.queryset = funds
    field.label_from_instance = lambda fund: f"{fund}，可用 {yuan(fund.balance)} 元"


class HouseholdPaymentForm(_PaymentForm):
    """Of one account, to a household or elsewhere."""

    recipient_kind = forms.ChoiceField(label="用于")
    recipient = words_field(
        "发给谁或转到哪里",
        2,
        100,
        help_text="只写认得出的最少内容，如“三号楼王某家”；加密保存",
    )
    words = words_field("事由", 2, 300, help_text="为什么帮助；加密保存")

    def __init__(self, *args: Any, may_help: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [RecipientKind.TRANSFER]
        if may_help:
            kinds.insert(0, RecipientKind.HOUSEHOLD)
        else:
            where, why = self.fields["recipient"], self.fields["words"]
            where.label, where.help_text = "转到哪里", "写对方的账户或单位；加密保存"
            why.help_text = "为什么划转、上缴；加密保存"
        self.fields["recipient_kind"].choices = [(k.value, k.label) for k in kinds]
        self.order_fields(["recipient_kind", "recipient", "words"])


class MemberPaymentForm(_PaymentForm):
    """To a member, whose case gets it written in once it is confirmed."""

    fund = forms.ModelChoiceField(label="互助金账户", queryset=AidFund.objects.none())
    kind = forms.ChoiceField(label="帮扶形式", required=False)
    visitors = forms.CharField(
        label="走访人",
        max_length=100,
        required=False,
        help_text="上门走访的人；填了的，这一天也算联系过",
    )
    words = words_field("说明", 2, 300, required=False)
    urgent_reason = words_field(
        "急难原因",
        2,
        300,
        required=False,
        help_text="认定以前先帮扶的才填：为什么不能等到认定以后",
    )

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, funds=funds, **kwargs)
        _offer_funds(self, funds)
        kinds = [(kind, kind) for kind in parameters.get(AID_KINDS)]
        self.fields["kind"].choices = [("", NO_CHOICE), *kinds]
        self.order_fields(["fund", "kind"])


class TakeAidForm(ScopedForm):
    """From which account aid that stands in a case is paid."""

    fund = forms.ModelChoiceField(label="互助金账户", queryset=AidFund.objects.none())

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_funds(self, funds)


class MutualFilterForm(ScopedForm):
    """GET form of the publication list."""

    empty_choice = ANY_CHOICE
    organization = _place_field("党组织（含下级）", required=False)
    year = forms.IntegerField(
        required=False, min_value=2000, max_value=2100, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_places(self)
