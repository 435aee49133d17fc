"""Forms of what is given to mutual aid."""

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
from members.choices.mutual import DonorKind, GiftForm
from members.forms.members import date_field
from members.models import AidDrive, AidFund, Member
from members.services.donations import DonationFacts
from organizations.forms.funds import MoneyField
from organizations.models import WorkUnit

# Of one name so many are offered; more are told apart by the staff.
_MOST_NAMESAKES = 20


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
    item = forms.CharField(
        label="物品名称",
        max_length=40,
        required=False,
        help_text="捐物的才填，如：大米",
    )
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


class DonationFilterForm(ScopedForm):
    """GET form of an account's gifts."""

    empty_choice = ANY_CHOICE
    drive = forms.ModelChoiceField(
        label="捐助活动", queryset=AidDrive.objects.none(), required=False
    )

    def __init__(self, *args: Any, fund: AidFund, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        drives = AidDrive.objects.visible_to(self.user).filter(fund=fund)
        self.fields["drive"].queryset = drives.order_by("-starts_on", "-pk")
