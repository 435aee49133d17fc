"""Forms about visits to households and what was promised there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from activities.choices.households import MatterKind
from activities.filters import PlaceAndMonthForm
from activities.models import Household, VisitMatter
from activities.people import Person
from activities.rules import households as rules
from activities.services.visits import MatterFacts, VisitFacts
from config.lib.forms import ANY_CHOICE, TickedField
from config.lib.versions import VersionedFormMixin
from members.forms.members import date_field


def _words(label: str, rows: int = 2, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=rules.TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
        **kwargs,
    )


class VisitForm(forms.Form):
    """A visit on one screen: which door, who went, what was seen, heard, promised."""

    household = forms.TypedChoiceField(
        label="哪一户", coerce=int, widget=forms.Select(attrs={"data-picker": True})
    )
    visited_on = date_field("走访日期", initial=timezone.localdate)
    visitors = forms.CharField(
        label="走访人",
        max_length=rules.VISITORS_LENGTH,
        help_text="几位用顿号分开",
    )
    members = TickedField(label="一同走访的党员", coerce=int, required=False)
    situation = _words("家庭情况", 3, help_text="看到、听到的，一两句话就行")
    wishes = _words("诉求与建议")
    promises = _words("当场承诺")
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        households: Sequence[tuple[int, str]],
        people: Sequence[Person],
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"request_id": uuid4()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["household"].choices = [("", "请选择"), *households]
        self.fields["members"].choices = [(one.member_id, one.name) for one in people]
        self.fields["household"].error_messages["invalid_choice"] = (
            "这一户已不在台账里，请重新选择。"
        )
        self.fields["members"].error_messages["invalid_choice"] = (
            "名单里有人已不在本支部，请核对后重新勾选。"
        )

    def facts(self, matters: Sequence[MatterFacts]) -> VisitFacts:
        """What the service takes."""
        data = self.cleaned_data
        words = {n: data[n] for n in ("situation", "wishes", "promises")}
        return VisitFacts(
            visited_on=data["visited_on"],
            visitors=data["visitors"],
            member_ids=data["members"],
            matters=matters,
            **words,
        )

    def person_rows(self) -> list[dict[str, Any]]:
        """The ticked list as the page draws it, keeping every tick."""
        ticked = {str(pk) for pk in self["members"].value() or []}
        return [
            {
                "id": str(one.member_id),
                "name": one.name,
                "search": one.search,
                "is_ticked": str(one.member_id) in ticked,
            }
            for one in self.people
        ]


class MatterForm(forms.Form):
    """What the household asks for; a row without words is none."""

    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "请选择"), *MatterKind.choices]
    )
    content = forms.CharField(
        label="什么事项", max_length=rules.MATTER_LENGTH, required=False
    )
    handler = forms.CharField(label="承办人", max_length=60, required=False)
    due_on = date_field("承诺办结日期", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        is_said = bool(data.get("content"))
        if not is_said and any(data.get(n) for n in ("kind", "handler", "due_on")):
            self.add_error("content", "请写明是什么事项，或者清空这一行。")
        if is_said and not data.get("kind"):
            self.add_error("kind", "请选择类别。")
        return data


class BaseMatterFormSet(forms.BaseFormSet):
    def facts(self) -> list[MatterFacts]:
        """The rows that say something."""
        return [
            MatterFacts(**each.cleaned_data)
            for each in self.forms
            if each.cleaned_data.get("content")
        ]


MatterFormSet = forms.formset_factory(
    MatterForm,
    formset=BaseMatterFormSet,
    extra=rules.MOST_MATTERS,
    max_num=rules.MOST_MATTERS,
    validate_max=True,
)


class StepForm(VersionedFormMixin, forms.Form):
    """What was done about a matter, or said to the household."""

    day = date_field("日期", initial=timezone.localdate)
    words = forms.CharField(
        label="办理情况",
        max_length=rules.MATTER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, instance: VisitMatter, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class WithdrawVisitForm(forms.Form):
    words = forms.CharField(
        label="撤回原因", max_length=rules.MATTER_LENGTH, help_text="如：记错了住户"
    )


class VisitFilterForm(PlaceAndMonthForm):
    """GET form of the visits made."""

    household = forms.ModelChoiceField(
        queryset=Household.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Household.objects.visible_to(self.user)
        self.fields["household"].queryset = mine


class MatterFilterForm(PlaceAndMonthForm):
    """GET form of what is followed up."""

    field_order = ["group", "kind", "organization", "month"]

    group = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", ANY_CHOICE), *MatterKind.choices]
    )

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name != "group")
