"""Forms of liaison cards and their entries."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from config.lib.forms import NO_CHOICE, TickedField
from config.lib.versions import VersionedFormMixin
from liaison.choices import CardEndReason, EntryKind
from liaison.rules.years import MOST_RESIDENT_WORDS


class CardFieldsForm(forms.Form):
    """What a card says of its member beside the register."""

    profession = forms.CharField(
        label="职业",
        required=False,
        max_length=60,
        help_text="如教师、医生、电工，便于安排合适的服务。",
    )
    wishes = forms.CharField(
        label="服务意向",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如法律咨询、环境整治、助老助残。",
    )
    free_time = forms.CharField(
        label="空闲时间", required=False, max_length=100, help_text="如周六上午。"
    )


class CardAddForm(CardFieldsForm):
    field_order = ["starts_on", "profession", "wishes", "free_time"]

    starts_on = forms.DateField(label="建卡日期", widget=forms.DateInput)

    def clean_starts_on(self) -> date:
        return not_in_future(self.cleaned_data["starts_on"], "建卡日期")


class CardEditForm(VersionedFormMixin, CardFieldsForm):
    def __init__(self, *args: Any, instance: Any, **kwargs: Any) -> None:
        self.instance = instance
        kwargs["initial"] = {
            name: getattr(instance, name)
            for name in ("profession", "wishes", "free_time")
        }
        super().__init__(*args, **kwargs)


class CardCloseForm(forms.Form):
    ends_on = forms.DateField(label="注销日期", widget=forms.DateInput)
    reason = forms.ChoiceField(
        label="注销原因", choices=[("", NO_CHOICE), *CardEndReason.choices]
    )

    def clean_ends_on(self) -> date:
        return not_in_future(self.cleaned_data["ends_on"], "注销日期")


class EntryForm(forms.Form):
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(
        label="类别",
        choices=EntryKind.choices,
        initial=EntryKind.SERVICE,
        widget=forms.RadioSelect,
    )
    occurred_on = forms.DateField(label="日期", widget=forms.DateInput)
    hours = forms.DecimalField(
        label="时长（小时）",
        required=False,
        min_value=0,
        max_value=24,
        decimal_places=1,
        max_digits=4,
        help_text="日常表现可不填。",
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    content = forms.CharField(
        label="内容",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="做了什么、结果怎样，例如：参加楼道清扫，清理杂物 3 车。",
    )
    resident_words = forms.CharField(
        label="群众评价",
        required=False,
        max_length=MOST_RESIDENT_WORDS,
        help_text="居民的一句话，可不填；不写是哪位居民",
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤回原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MissingCardsForm(forms.Form):
    """Ticked members of the page for whom cards are opened at once."""

    starts_on = forms.DateField(label="建卡日期", widget=forms.DateInput)
    members = TickedField(
        label="党员",
        coerce=int,
        error_messages={"required": "请至少勾选一名党员。"},
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, member_ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [(pk, "") for pk in member_ids]

    def clean_starts_on(self) -> date:
        return not_in_future(self.cleaned_data["starts_on"], "建卡日期")


def not_in_future(day: date, label: str) -> date:
    if day > timezone.localdate():
        raise forms.ValidationError(f"{label}不能晚于今天。")
    return day
