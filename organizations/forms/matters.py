"""Forms of delegated matters: the application, what came along, steps, money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import PlainSelect
from config.lib.forms import (
    ANY_CHOICE,
    NO_CHOICE,
    GroupedForm,
    ScopedForm,
    request_id_field,
    words_field,
)
from organizations.access import Right
from organizations.forms.funds import NO_NAMES, MoneyField
from organizations.forms.parts import date_field, place_field, version_field
from organizations.matter_choices import (
    MatterGroup,
    MatterKind,
    MatterSpan,
    MatterState,
)
from organizations.matter_rules import REASONED
from organizations.models import DelegatedMatter, Organization, User
from organizations.services.matter_steps import ArrivalFacts, MatterStepFacts
from organizations.services.matters import HandoverFacts, MatterFacts

_TERMS = (
    *("title", "department", "kind", "span", "legal_basis", "duties"),
    *("starts_on", "ends_on", "money_due", "money_due_on"),
)
_HANDOVER = ("power", "staff_posted", "equipment")


def _communities(user: User) -> Any:
    """Open community organizations whose matters the user keeps."""
    places = Organization.objects.with_right(user, Right.KEEP_MATTERS).open()
    return places.filter(community__isnull=False).order_by("path")


class _TermsForm(forms.Form):
    """What is agreed: the matter, its days, its money."""

    title = forms.CharField(
        label="事项名称", max_length=80, help_text="如：流动人口信息采集"
    )
    department = forms.CharField(
        label="交办部门", max_length=80, help_text="把事项交给社区的上级部门，写全称"
    )
    kind = forms.ChoiceField(
        label="事项类别", choices=[("", NO_CHOICE), *MatterKind.choices]
    )
    span = forms.ChoiceField(
        label="期限类型", choices=[("", NO_CHOICE), *MatterSpan.choices]
    )
    legal_basis = words_field(
        "法规依据", 2, 300, help_text="法律、法规、规章或文件的名称和条款"
    )
    duties = words_field("工作内容", 3, 500, required=False)
    starts_on = date_field("开始日期")
    ends_on = date_field(
        "截止日期", required=False, help_text="一次性事项必填；长期事项没有期限可以不填"
    )
    money_due = MoneyField(
        label="应到经费",
        required=False,
        help_text="单位：元；不拨经费的留空或填 0，会列入“权责利不一致”",
    )
    money_due_on = date_field("应到日期", required=False, help_text="有应到经费的必填")

    def terms(self) -> MatterFacts:
        data = {name: self.cleaned_data[name] for name in _TERMS}
        data["money_due"] = data["money_due"] or Decimal("0.00")
        return MatterFacts(**data)


class _HandoverFields(forms.Form):
    """What comes along with the duty, apart from money."""

    power = words_field(
        "下放权限", 2, 300, required=False, help_text="随事项交给社区的权限，没有的留空"
    )
    staff_posted = forms.IntegerField(
        label="配备人员",
        required=False,
        min_value=0,
        help_text="人数；没有的留空",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    equipment = forms.CharField(label="配备设备", max_length=200, required=False)

    def handover(self) -> HandoverFacts:
        data = self.cleaned_data
        return HandoverFacts(
            data["power"], data["staff_posted"] or 0, data["equipment"]
        )


class MatterForm(_HandoverFields, _TermsForm, ScopedForm):
    """A department's application to hand a matter down to a community."""

    organization = place_field("承担社区")
    applied_on = date_field("申请日期", initial=timezone.localdate)
    request_id = request_id_field()
    field_order = ["organization", *_TERMS, *_HANDOVER, "applied_on"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["organization"].queryset = _communities(user)


class MatterAmendForm(_TermsForm):
    reason = words_field("修改的原因", 2, 200, help_text=NO_NAMES)
    version = version_field()

    def __init__(self, *args: Any, instance: DelegatedMatter, **kwargs: Any) -> None:
        initial = {name: getattr(instance, name) for name in (*_TERMS, "version")}
        super().__init__(*args, initial=initial, **kwargs)


class HandoverForm(_HandoverFields):
    version = version_field()

    def __init__(self, *args: Any, instance: DelegatedMatter, **kwargs: Any) -> None:
        initial = {name: getattr(instance, name) for name in (*_HANDOVER, "version")}
        super().__init__(*args, initial=initial, **kwargs)


_WORDS: dict[str, str] = {
    MatterState.EXAMINED: "审核意见",
    MatterState.ADMITTED: "议定意见",
    MatterState.REFUSED: "不予准入的原因",
    MatterState.WITHDRAWN: "撤回的原因",
    MatterState.ENDED: "退出的原因",
}


class MatterStepForm(forms.Form):
    """A step: when, by whom; on admission the minutes, on an end the reason."""

    done_on = date_field("办理日期", initial=timezone.localdate)
    decided_by = forms.CharField(
        label="由谁办理", max_length=80, help_text="会议或部门，不写个人姓名"
    )
    document = forms.CharField(label="文号", max_length=80, required=False)
    words = words_field("意见", 3, 300, required=False, help_text=NO_NAMES)
    version = version_field()

    def __init__(self, *args: Any, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = _WORDS[step]
        self.fields["words"].required = step in REASONED
        if step == MatterState.ADMITTED:
            document = self.fields["document"]
            document.label, document.required = "会议纪要编号", True
            document.help_text = "联席会议纪要的编号或名称"
            self.initial.setdefault("decided_by", "街道党建联席会议")

    def facts(self) -> MatterStepFacts:
        names = ("done_on", "decided_by", "document", "words")
        return MatterStepFacts(**{name: self.cleaned_data[name] for name in names})


class ArrivalForm(forms.Form):
    amount = MoneyField(label="金额")
    received_on = date_field("到账日期", initial=timezone.localdate)
    document = forms.CharField(label="文号或凭证号", max_length=60, required=False)
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="请不要写居民姓名"
    )
    request_id = request_id_field()

    def facts(self) -> ArrivalFacts:
        names = ("amount", "received_on", "document", "note")
        return ArrivalFacts(**{name: self.cleaned_data[name] for name in names})


class MatterFilterForm(GroupedForm):
    groups = MatterGroup
    organization = place_field("承担社区", required=False)
    department = forms.CharField(label="交办部门", required=False, max_length=80)
    kind = forms.ChoiceField(
        label="事项类别",
        required=False,
        choices=[("", ANY_CHOICE), *MatterKind.choices],
        widget=PlainSelect,
    )
    day = date_field("哪一天在承担", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        places = Organization.objects.with_right(user, Right.KEEP_MATTERS)
        self.fields["organization"].queryset = places.filter(
            community__isnull=False
        ).order_by("path")
