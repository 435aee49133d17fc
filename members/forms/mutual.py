"""Forms of mutual aid: accounts, drives, what is given and what helps."""

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
from config.lib.names import normalize_name
from config.lib.versions import VersionedFormMixin
from members.choices.mutual import DonorKind, GiftForm, RecipientKind
from members.forms.members import date_field
from members.models import AidDrive, AidFund, Donation, Member
from members.parameters.hardship import AID_KINDS
from members.services.aid_payments import PaymentFacts
from members.services.donations import DonationFacts
from members.services.mutual import DriveFacts, FundFacts
from organizations import parameters
from organizations.access import Right
from organizations.forms.funds import NO_NAMES, MoneyField
from organizations.models import Organization, WorkUnit

# Of one name so many are offered; more are told apart by the staff.
_MOST_NAMESAKES = 20


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
    reason = words_field("原因", 3, 200, help_text=NO_NAMES)


class DonationForm(ScopedForm):
    """Who gave what. Of several people of one name the one is asked for."""

    donor_kind = forms.ChoiceField(
        label="捐赠人", choices=[("", NO_CHOICE), *DonorKind.choices]
    )
    member_name = forms.CharField(
        label="党员姓名",
        max_length=60,
        required=False,
        help_text="捐赠人是党员的填写全名；不愿留名的，上面选“匿名”",
    )
    unit = PlainModelChoiceField(
        label="捐赠单位",
        queryset=WorkUnit.objects.filter(is_active=True).order_by("name"),
        label_column="name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
        help_text="名单里没有的，先在工作单位里登记",
    )
    donor_name = forms.CharField(
        label="居民姓名或拨入来源",
        max_length=80,
        required=False,
        help_text="居民填称呼或姓名，加密保存；拨入、结存的写来源",
    )
    drive = forms.ModelChoiceField(
        label="捐助活动", queryset=AidDrive.objects.none(), required=False
    )
    form = forms.ChoiceField(
        label="捐什么", choices=GiftForm.choices, initial=GiftForm.MONEY
    )
    amount = MoneyField(
        label="金额或折价", help_text="单位：元，最多两位小数；物品填折合的价值"
    )
    item = forms.CharField(label="物品名称", max_length=40, required=False)
    quantity = forms.IntegerField(label="数量", required=False, min_value=1)
    measure = forms.CharField(
        label="计量单位", max_length=10, required=False, help_text="如：袋、件、台"
    )
    donated_on = date_field("捐赠日期", initial=timezone.localdate)
    wish = words_field(
        "捐赠人的意愿",
        2,
        200,
        required=False,
        help_text="希望用在哪里，加密保存",
    )
    request_id = request_id_field()

    def __init__(self, *args: Any, fund: AidFund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drives: Any = self.fields["drive"]
        drives.queryset = (
            AidDrive.objects.visible_to(self.user)
            .filter(fund=fund, published_on=None)
            .order_by("-starts_on", "-pk")
        )
        drives.empty_label = "平时捐赠，不属于哪次活动"
        self.namesakes = self._namesakes()
        if len(self.namesakes) > 1:
            self.fields["member"] = forms.TypedChoiceField(
                label="是哪一位",
                coerce=int,
                choices=[("", NO_CHOICE), *self.namesakes],
                error_messages={"required": "有几位同名的党员，请选择是哪一位。"},
            )
            self.order_fields(["donor_kind", "member_name", "member"])

    def _namesakes(self) -> list[tuple[int, str]]:
        """Members of the name that was typed, told apart by branch and year."""
        name = normalize_name(self.data.get("member_name", ""))
        if self.data.get("donor_kind") != DonorKind.MEMBER or not name:
            return []
        found = Member.objects.visible_to(self.user).filter(name=name).with_branch()
        return [
            (each.pk, f"{each.name}，{each.branch_name or '不在册'}{_year(each)}")
            for each in found.order_by("pk")[:_MOST_NAMESAKES]
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("donor_kind") != DonorKind.MEMBER:
            data["member"] = None
        elif not data.get("member_name"):
            self.add_error("member_name", "请填写捐赠的党员姓名。")
        elif not self.namesakes:
            self.add_error(
                "member_name",
                "您管理的党组织里没有这个姓名的党员；请核对姓名，"
                "别处的党员请选“居民或其他个人”。",
            )
        elif len(self.namesakes) == 1:
            data["member"] = self.namesakes[0][0]
        return data

    def facts(self) -> DonationFacts:
        data = self.cleaned_data
        same = ("donor_kind", "form", "amount", "donated_on", "donor_name", "item")
        return DonationFacts(
            **{name: data[name] for name in (*same, "quantity", "measure", "wish")},
            member_id=data.get("member"),
            unit_id=data["unit"].pk if data["unit"] else None,
        )


def _year(member: Member) -> str:
    return f"，{member.born_on.year}年生" if member.born_on else ""


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
        label="凭证号", max_length=40, help_text="会计凭证或领条号，如：记12-1"
    )
    request_id = request_id_field()

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drives = AidDrive.objects.visible_to(self.user).filter(fund__in=funds)
        self.fields["drive"].queryset = drives.order_by("-starts_on", "-pk")
        self.fields["drive"].empty_label = "不指明"
        lots: Any = self.fields["lot"]
        stock = Donation.objects.visible_to(self.user).filter(fund__in=funds)
        lots.queryset = stock.in_stock().order_by("donated_on", "pk")
        lots.empty_label = "发钱，不发物品"
        lots.label_from_instance = lot_label

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


def lot_label(lot: Any) -> str:
    return f"{lot.item}，剩 {lot.left} {lot.measure}（{lot.number}）"


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
        self.fields["fund"].queryset = funds
        kinds = [(kind, kind) for kind in parameters.get(AID_KINDS)]
        self.fields["kind"].choices = [("", NO_CHOICE), *kinds]
        self.order_fields(["fund", "kind"])


class TakeAidForm(ScopedForm):
    """From which account aid that stands in a case is paid."""

    fund = forms.ModelChoiceField(label="互助金账户", queryset=AidFund.objects.none())

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds


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
