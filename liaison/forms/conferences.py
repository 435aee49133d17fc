"""Forms of joint conferences: founding, members, delegates, meetings, topics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from activities.forms.teams import place_field
from config.lib.choices import PlainSelect
from config.lib.forms import ScopedForm
from config.lib.identity import normalize_phone
from config.lib.versions import VersionedFormMixin
from liaison.forms.parts import request_id_field, words_field
from liaison.models import Conference, ConferenceMeeting, ConferenceSeat
from liaison.services.conferences import ConferenceFacts, DelegateFacts
from liaison.services.meetings import MeetingFacts
from members.forms.members import date_field
from organizations.access import Right
from organizations.models import Organization, WorkUnit


def phone_field(label: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        **options,
    )


def _many(label: str, queryset: Any, invalid: str, **options: Any) -> Any:
    return forms.ModelMultipleChoiceField(
        label=label,
        queryset=queryset,
        required=False,
        widget=forms.SelectMultiple(attrs={"data-picker": True}),
        error_messages={"invalid_choice": invalid},
        **options,
    )


class ConferenceForm(ScopedForm):
    """A conference to be founded."""

    organization = place_field("召集的党组织")
    founded_on = date_field("成立日期", initial=timezone.localdate)
    duties = words_field(
        "职责和约定",
        4,
        1000,
        required=False,
        help_text="如：通报情况、协商要事、协调落实；每半年开会一次",
    )
    liaison_name = forms.CharField(
        label="会议联络人",
        max_length=50,
        required=False,
        help_text="印在会议通知上，成员单位有事找谁",
    )
    liaison_phone = phone_field("联络电话", help_text="印在会议通知上，请填办公电话")
    request_id = request_id_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "organization" in self.fields:
            places = Organization.objects.with_right(user, Right.KEEP_AGREEMENTS)
            # The two levels that have one.
            two = Q(parent__isnull=True) | Q(community__isnull=False)
            self.fields["organization"].queryset = (
                places.open().filter(two).order_by("path")
            )

    def clean_liaison_phone(self) -> str:
        return normalize_phone(self.cleaned_data["liaison_phone"])

    def facts(self) -> ConferenceFacts:
        data = self.cleaned_data
        names = ("founded_on", "duties", "liaison_name", "liaison_phone")
        return ConferenceFacts(**{name: data[name] for name in names})


class ConferenceAmendForm(VersionedFormMixin, ConferenceForm):
    """A conference as it is; the place stands."""

    organization = None
    request_id = None

    def __init__(self, *args: Any, instance: Conference, **kwargs: Any) -> None:
        self.instance = instance
        names = ("founded_on", "duties", "liaison_name", "liaison_phone")
        initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)


class SeatsForm(ScopedForm):
    """Who joins: work units, Party organizations."""

    units = _many(
        "驻区单位",
        WorkUnit.objects.filter(is_active=True).only("name"),
        "所选的单位已不在名单里，请重新选择。",
        help_text="可以选几个；名单里没有的，先在工作单位里登记",
    )
    organizations = _many(
        "党组织",
        Organization.objects.open().order_by("path").only("name", "short_name"),
        "所选的党组织已撤销或不在您的范围，请重新选择。",
        help_text="可以选几个，也可以不选",
    )
    joined_on = date_field("加入日期", initial=timezone.localdate)

    def chosen(self) -> dict[str, list[int]]:
        data = self.cleaned_data
        return {
            "unit_ids": [unit.pk for unit in data["units"]],
            "organization_ids": [place.pk for place in data["organizations"]],
        }


class DelegateForm(forms.Form):
    """Who sits for a unit; after somebody else, by notice of the unit."""

    name = forms.CharField(label="姓名", max_length=50)
    position = forms.CharField(
        label="职务", max_length=60, required=False, help_text="如：党委副书记"
    )
    phone = phone_field("联系电话")
    starts_on = date_field("担任日期", initial=timezone.localdate)
    notice = words_field(
        "更换通知",
        2,
        200,
        required=False,
        help_text="更换的要写：单位何时、用什么通知的，如“11月3日来函”",
    )
    request_id = request_id_field()

    def clean_phone(self) -> str:
        return normalize_phone(self.cleaned_data["phone"])

    def facts(self, role: str) -> DelegateFacts:
        data = dict(self.cleaned_data)
        data.pop("request_id")
        return DelegateFacts(role=role, **data)


class LeaveForm(forms.Form):
    left_on = date_field("退出日期", initial=timezone.localdate)
    reason = words_field("退出原因", 2, 200)


class ConferenceEndForm(forms.Form):
    ended_on = date_field("终止日期", initial=timezone.localdate)
    reason = words_field("终止原因", 2, 200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class MeetingForm(forms.Form):
    """The notice of a meeting."""

    title = forms.CharField(
        label="会议名称", max_length=80, help_text="如：2026年下半年党建联席会议"
    )
    meets_on = date_field("开会日期")
    begins_at = forms.TimeField(
        label="开会时间", widget=forms.TimeInput(format="%H:%M"), help_text="如 09:00"
    )
    place = forms.CharField(label="地点", max_length=120)
    chair = forms.CharField(label="主持人", max_length=50)
    notice = words_field("通知内容", 4, 1000, help_text="开会的事由、议程和要求")
    topics_until = date_field("议题征集截止", required=False)
    request_id = request_id_field()

    def __init__(self, *args: Any, days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "topics_until"
        ].help_text = (
            f"留空即会前{days}天；这一天也收。补登已开过的会，不征集议题，请留空"
        )

    def facts(self) -> MeetingFacts:
        names = ("title", "meets_on", "begins_at", "place", "chair", "notice")
        data = self.cleaned_data
        return MeetingFacts(
            topics_until=data["topics_until"], **{name: data[name] for name in names}
        )


class MeetingAmendForm(VersionedFormMixin, MeetingForm):
    request_id = None

    def __init__(self, *args: Any, instance: ConferenceMeeting, **kwargs: Any) -> None:
        self.instance = instance
        names = ("title", "meets_on", "begins_at", "place", "chair", "notice")
        initial = {name: getattr(instance, name) for name in (*names, "topics_until")}
        super().__init__(*args, initial=initial, **kwargs)


class MeetingCancelForm(forms.Form):
    reason = words_field("取消原因", 2, 200, help_text="成员单位会看到")
    version = forms.IntegerField(widget=forms.HiddenInput)


class OwnTopicForm(forms.Form):
    """What a unit puts forward by its link."""

    title = forms.CharField(label="议题", max_length=100)
    words = words_field(
        "说明", 4, 500, required=False, help_text="想商量什么、希望谁来办"
    )
    request_id = request_id_field()


class TopicForm(OwnTopicForm):
    """What staff write down for a unit, or put forward themselves."""

    seat = forms.TypedChoiceField(
        label="提出单位",
        coerce=int,
        empty_value=None,
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
        error_messages={"invalid_choice": "所选的单位已退出联席会，请重新选择。"},
    )
    field_order = ["seat", "title", "words"]

    def __init__(
        self, *args: Any, seats: Sequence[ConferenceSeat], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = [
            ("", "召集的党组织"),
            *((seat.pk, str(seat)) for seat in seats),
        ]
