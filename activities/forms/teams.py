"""Forms about volunteer teams and their people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from activities.choices.teams import FreeTime
from activities.models import VolunteerTeam
from activities.people import recordable
from activities.services.teams import TeamFacts
from config.lib.forms import ANY_CHOICE, ScopedForm, TickedField
from config.lib.versions import VersionedFormMixin
from members.forms.members import date_field
from members.models import Talent
from organizations.forms.parts import place_field


def talents_on_offer() -> QuerySet[Talent]:
    return Talent.objects.filter(is_active=True)


class TeamForm(ScopedForm):
    """A team to be founded."""

    organization = place_field("所属党组织", help_text="队员从这里和下级党组织选")
    name = forms.CharField(
        label="服务队名称", max_length=60, help_text="如：沿江社区义诊服务队"
    )
    talents = forms.ModelMultipleChoiceField(
        label="专长",
        queryset=Talent.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="按专长找队员、派需求；可以选几项",
    )
    founded_on = date_field("成立日期", initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["talents"].queryset = talents_on_offer()
        if "organization" in self.fields:
            places = recordable(self.user).order_by("path")
            self.fields["organization"].queryset = places

    def facts(self) -> TeamFacts:
        """What the service takes."""
        data = self.cleaned_data
        return TeamFacts(data["name"], data["founded_on"], list(data["talents"]))


class TeamAmendForm(VersionedFormMixin, TeamForm):
    """A team as it is; it stays with its organization."""

    organization = None

    def __init__(self, *args: Any, instance: VolunteerTeam, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)
        kept = Talent.objects.filter(volunteer_teams=instance)
        self.fields["talents"].queryset = (talents_on_offer() | kept).distinct()


class TeamCloseForm(VersionedFormMixin, forms.Form):
    closed_on = date_field("解散日期", initial=timezone.localdate)

    def __init__(self, *args: Any, instance: VolunteerTeam, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class TeamFilterForm(ScopedForm):
    """GET form of the list."""

    empty_choice = ANY_CHOICE

    group = forms.CharField(required=False, widget=forms.HiddenInput)
    talent = forms.ModelChoiceField(
        label="专长", queryset=Talent.objects.all(), required=False
    )
    organization = place_field("党组织", required=False)


class RosterForm(forms.Form):
    """Whom to offer for a team: by talent, unless somebody is looked for by name."""

    q = forms.CharField(
        label="姓名",
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


class JoinForm(forms.Form):
    """The ticked members and the day they join."""

    members = TickedField(label="队员", coerce=int)
    joined_on = date_field("加入日期", initial=timezone.localdate)

    def __init__(
        self, *args: Any, offered: list[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        field.choices = offered
        field.error_messages |= {
            "required": "请至少勾选一名党员。",
            "invalid_choice": "勾选的人里有人已经加入或不在名单上，请重新勾选。",
        }


class AvailabilityForm(forms.Form):
    times = forms.MultipleChoiceField(
        label="什么时候有空",
        choices=FreeTime,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="照本人说的勾；目前都没有空的，一项也不勾，直接保存",
    )
