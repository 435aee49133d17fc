"""Forms of joint-building agreements: drafts, clauses, signing, the three lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from activities.forms.teams import place_field
from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, NO_CHOICE, GroupedForm, ScopedForm
from config.lib.versions import VersionedFormMixin
from liaison.choices.agreements import (
    AgreementGroup,
    JointField,
    ListKind,
    ResourceKind,
    Rhythm,
)
from liaison.forms.parts import request_id_field, words_field
from liaison.models import Agreement, AgreementParty, Clause
from liaison.rules.agreements import MOST_TIMES
from liaison.services.agreements import AgreementFacts
from liaison.services.clauses import ClauseFacts
from liaison.services.obligations import ItemFacts
from members.forms.members import date_field
from organizations.access import Right
from organizations.models import Organization, WorkUnit

_HOME = "社区党组织"


class AgreementForm(ScopedForm):
    """A draft: with whom, for how long, to what end."""

    organization = place_field("党组织（甲方）")
    title = forms.CharField(
        label="协议名称",
        max_length=80,
        help_text="如：沿江社区与江滨中学共建协议",
    )
    units = forms.ModelMultipleChoiceField(
        label="共建单位（乙方）",
        queryset=WorkUnit.objects.filter(is_active=True).only("name"),
        help_text="可以选几个单位；名单里没有的，先在工作单位里登记",
        widget=forms.SelectMultiple(attrs={"data-picker": True}),
        error_messages={
            "required": "请至少选一个共建单位。",
            "invalid_choice": "所选的单位已不在名单里，请重新选择。",
        },
    )
    starts_on = date_field("生效日期", initial=timezone.localdate)
    ends_on = date_field("到期日期")
    number = forms.CharField(
        label="协议编号",
        max_length=40,
        required=False,
        help_text="按存档编号写，可以不填",
    )
    purpose = words_field("共建目标", 3, 1000, required=False)
    liaison_name = forms.CharField(label="社区联络人", max_length=50, required=False)
    request_id = request_id_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "organization" in self.fields:
            field = self.fields["organization"]
            places = Organization.objects.with_right(user, Right.KEEP_AGREEMENTS)
            field.queryset = places.open().order_by("path")

    def facts(self) -> AgreementFacts:
        data = self.cleaned_data
        return AgreementFacts(
            title=data["title"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            number=data["number"],
            purpose=data["purpose"],
            liaison_name=data["liaison_name"],
        )

    def unit_ids(self) -> list[int]:
        return [unit.pk for unit in self.cleaned_data["units"]]


class AgreementAmendForm(VersionedFormMixin, AgreementForm):
    """A draft as it is; the place stands."""

    organization = None
    request_id = None

    def __init__(self, *args: Any, instance: Agreement, **kwargs: Any) -> None:
        self.instance = instance
        initial = {
            name: getattr(instance, name)
            for name in (
                *("title", "starts_on", "ends_on"),
                *("number", "purpose", "liaison_name"),
            )
        }
        initial["units"] = [party.unit_id for party in instance.parties.all()]
        super().__init__(*args, initial=initial, **kwargs)


def _party_field(label: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=int, empty_value=None, required=False, widget=PlainSelect
    )


def _sides(parties: Sequence[AgreementParty]) -> list[tuple[Any, str]]:
    return [("", _HOME), *((party.pk, str(party.unit)) for party in parties)]


class ClauseForm(forms.Form):
    """One promise of one side."""

    field = forms.ChoiceField(
        label="共建领域", choices=[("", NO_CHOICE), *JointField.choices]
    )
    words = words_field(
        "条款内容",
        3,
        300,
        help_text="写做什么，如：开放操场供居民锻炼",
    )
    party = _party_field("谁来办")
    rhythm = forms.ChoiceField(
        label="履行频次", choices=Rhythm, initial=Rhythm.QUARTER.value
    )
    times = forms.IntegerField(
        label="每期次数", min_value=1, max_value=MOST_TIMES, initial=1
    )
    due_on = date_field(
        "办结期限", required=False, help_text="只有“按期限办一次”的才填"
    )

    def __init__(
        self,
        *args: Any,
        parties: Sequence[AgreementParty],
        clause: Clause | None = None,
        **kwargs: Any,
    ) -> None:
        if clause is not None:
            kwargs["initial"] = {
                "field": clause.field,
                "words": clause.words,
                "party": clause.party_id,
                "rhythm": clause.rhythm,
                "times": clause.times,
                "due_on": clause.due_on,
            }
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = _sides(parties)

    def facts(self) -> ClauseFacts:
        data = self.cleaned_data
        return ClauseFacts(
            field=data["field"],
            words=data["words"],
            rhythm=data["rhythm"],
            times=data["times"],
            due_on=data["due_on"],
            party_id=data["party"],
        )


class SignForm(forms.Form):
    """That the paper was signed by all sides."""

    signed_on = date_field("签订日期", initial=timezone.localdate)
    signatory = forms.CharField(label="社区签字人", max_length=50)
    scan = forms.FileField(
        label="签字盖章的扫描件",
        required=False,
        help_text="照片或 PDF，20 兆以内；也可以以后再补",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, parties: Sequence[AgreementParty], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parties = parties
        for party in parties:
            self.fields[f"party_{party.pk}"] = forms.CharField(
                label=f"{party.unit}签字人", max_length=50
            )
        self.order_fields(
            ["signed_on", "signatory", *(f"party_{each.pk}" for each in parties)]
        )

    def signatories(self) -> dict[int, str]:
        return {
            party.pk: self.cleaned_data[f"party_{party.pk}"] for party in self.parties
        }


class ScanForm(forms.Form):
    scan = forms.FileField(
        label="签字盖章的扫描件", help_text="照片或 PDF，20 兆以内；新的代替旧的"
    )


class EndForm(forms.Form):
    ended_on = date_field("终止日期", initial=timezone.localdate)
    reason = words_field("提前终止的原因", 3, 200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class DiscardForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    reason = words_field("原因", 3, 200)


class ItemForm(forms.Form):
    """A line of the three lists."""

    kind = forms.ChoiceField(label="清单", choices=ListKind, widget=forms.RadioSelect)
    category = forms.ChoiceField(
        label="类别", choices=[("", NO_CHOICE), *ResourceKind.choices]
    )
    words = forms.CharField(
        label="内容",
        max_length=200,
        help_text="如：阶梯教室；法律顾问两名；独居老人用餐；楼道改造",
    )
    party = _party_field("哪一方")
    amount = forms.CharField(label="数量或金额", max_length=60, required=False)
    available = forms.CharField(
        label="何时可用", max_length=60, required=False, help_text="如：周末全天"
    )
    due_on = date_field(
        "完成期限", required=False, help_text="项目要填，到期前提醒；资源和需求不填"
    )
    request_id = request_id_field()

    def __init__(
        self, *args: Any, parties: Sequence[AgreementParty], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["party"].choices = _sides(parties)

    def facts(self) -> ItemFacts:
        data = self.cleaned_data
        return ItemFacts(
            kind=data["kind"],
            category=data["category"],
            words=data["words"],
            amount=data["amount"],
            available=data["available"],
            party_id=data["party"],
            due_on=data["due_on"],
        )


class MeetForm(forms.Form):
    met_by = forms.TypedChoiceField(
        label="由哪一项满足",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "所选的事项已移出清单，请重新选择。"},
    )

    def __init__(self, *args: Any, items: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["met_by"].choices = [
            ("", "还没有落实"),
            *((item.pk, f"{item.get_kind_display()}：{item}") for item in items),
        ]


class UseForm(forms.Form):
    """That a resource was given."""

    used_on = date_field("使用日期", initial=timezone.localdate)
    words = forms.CharField(
        label="用于什么", max_length=200, help_text="如：社区运动会借用操场"
    )
    money = forms.DecimalField(
        label="金额（元）",
        required=False,
        min_value=0.01,
        max_digits=12,
        decimal_places=2,
        help_text="资金类才填",
    )
    people = forms.IntegerField(
        label="受益人数", required=False, min_value=1, max_value=1_000_000
    )
    request_id = request_id_field()


class EvidenceForm(forms.Form):
    """What shows that an obligation was met; one of what is offered."""

    evidence = forms.ChoiceField(
        label="依据",
        widget=PlainSelect(attrs={"data-picker": ""}),
        help_text="本期以来本社区开展的活动和登记的资源使用，可以输入几个字查找",
        error_messages={
            "required": "请选一项。",
            "invalid_choice": "所选的依据已不能用，请重新选择。",
        },
    )

    def __init__(
        self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = [("", NO_CHOICE), *offered]

    def chosen(self) -> dict[str, int]:
        kind, _, pk = self.cleaned_data["evidence"].partition("-")
        return {f"{kind}_id": int(pk)}


class ReportForm(forms.Form):
    words = words_field(
        "履行情况", 5, 1000, help_text="办了什么、效果怎样、没有办成的打算怎么办"
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AgreementFilterForm(GroupedForm):
    """GET form of the list."""

    groups = AgreementGroup

    organization = place_field("党组织（含下级）", required=False)
    unit = PlainModelChoiceField(
        label="共建单位",
        queryset=WorkUnit.objects.filter(agreement_parties__isnull=False).distinct(),
        label_column="name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
    )
    field = forms.ChoiceField(
        label="共建领域",
        required=False,
        choices=[("", ANY_CHOICE), *JointField.choices],
        widget=PlainSelect,
    )
