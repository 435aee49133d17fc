"""Forms about a community's list of households."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from activities.choices.households import Circumstance, HouseholdEnd
from activities.models import Household
from activities.rules import households as rules
from activities.services.households import (
    REVEALABLE,
    HouseholdFacts,
    kept_communities,
)
from config.lib.forms import ANY_CHOICE, ScopedForm, ScopedModelForm
from config.lib.identity import normalize_phone
from config.lib.versions import VersionedFormMixin
from members.forms.members import date_field
from organizations.access import Right
from organizations.models import Community, Organization


class HouseholdForm(ScopedModelForm):
    """A door of the list, and who lives behind it."""

    room = forms.CharField(
        label="门牌",
        max_length=rules.ROOM_LENGTH,
        help_text="写到户，如：2单元501室。一个门牌只登记一户",
    )
    householder = forms.CharField(
        label="户主姓名", max_length=rules.NAME_LENGTH, required=False
    )
    phone = forms.CharField(label="联系电话", max_length=30, required=False)
    circumstances = forms.MultipleChoiceField(
        label="家庭情况",
        choices=Circumstance,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(
        label="备注",
        max_length=rules.TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="走访时要留意的，如“听力不好，敲门要重”",
    )

    class Meta:
        model = Household
        fields = [
            *("community", "building", "room", "organization"),
            *("householder", "phone", "people_count", "circumstances", "note"),
        ]
        help_texts = {
            "building": "小区和楼栋，如：滨江花园3幢",
            "organization": "由谁走访；不选就是社区党组织自己",
        }
        widgets = {"organization": forms.Select(attrs={"data-picker": True})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home, place = self.fields["community"], self.fields["organization"]
        home.queryset = kept_communities(self.user)
        place.queryset = (
            Organization.objects.with_right(self.user, Right.KEEP_HOUSEHOLDS)
            .open()
            .order_by("path")
        )
        place.required = False
        self.fields["people_count"].max_value = rules.MOST_PEOPLE
        if not self.instance.pk and len(found := list(home.queryset[:2])) == 1:
            self.initial.setdefault("community", found[0].pk)

    def clean_phone(self) -> str:
        return normalize_phone(self.cleaned_data["phone"])

    def _post_clean(self) -> None:
        """Leave checking the whole to the service."""

    def facts(self) -> HouseholdFacts:
        """What the service takes."""
        return HouseholdFacts(**{n: self.cleaned_data[n] for n in self.Meta.fields})


class HouseholdAmendForm(VersionedFormMixin, HouseholdForm):
    """A household of the list; name and phone are replaced, never shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in REVEALABLE:
            masked = getattr(self.instance, f"masked_{name}")
            self.initial[name] = ""
            self.fields[name].help_text = f"现为 {masked}；留空即不变" if masked else ""
        self.initial["circumstances"] = self.instance.circumstances.split()

    def stale_display(self, name: str, value: Any) -> str:
        if name in REVEALABLE:
            return "（不显示）" if value else "—"
        if name == "circumstances" and isinstance(value, str):
            value = value.split()
        if name == "circumstances":
            known = set(value)
            return "、".join(c.label for c in Circumstance if c.value in known) or "—"
        return super().stale_display(name, value)


class HouseholdEndForm(VersionedFormMixin, forms.Form):
    day = date_field("销户日期", initial=timezone.localdate)
    reason = forms.ChoiceField(
        label="销户原因", choices=[("", "请选择"), *HouseholdEnd.choices]
    )

    def __init__(self, *args: Any, instance: Household, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


VISITED = {"no": "今年未走访", "yes": "今年已走访"}


class HouseholdFilterForm(ScopedForm):
    """GET form of the list."""

    empty_choice = ANY_CHOICE
    field_order = ["group", "community", "building", "visited", "circumstance"]

    group = forms.CharField(required=False, widget=forms.HiddenInput)
    community = forms.ModelChoiceField(
        label="社区", queryset=Community.objects.all(), required=False
    )
    building = forms.CharField(
        label="小区楼栋", required=False, max_length=rules.BUILDING_LENGTH
    )
    visited = forms.ChoiceField(
        label="走访", required=False, choices=[("", ANY_CHOICE), *VISITED.items()]
    )
    circumstance = forms.ChoiceField(
        label="家庭情况",
        required=False,
        choices=[("", ANY_CHOICE), *Circumstance.choices],
    )
    organization = forms.ModelChoiceField(
        label="责任党组织",
        queryset=Organization.objects.order_by("path"),
        required=False,
        widget=forms.HiddenInput,
    )

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "group")


class LedgerForm(ScopedForm):
    """A community's own workbook; what it holds is judged by the preview."""

    community = forms.ModelChoiceField(
        label="社区",
        queryset=Community.objects.none(),
        help_text="表中的住户都登记在这个社区",
    )
    file = forms.FileField(
        label="住户台账",
        help_text="支持 .xlsx、.xls、.csv；须有“楼栋”“门牌”两栏",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = self.fields["community"]
        home.queryset = kept_communities(self.user)
        if len(found := list(home.queryset[:2])) == 1:
            self.initial["community"] = found[0].pk
