"""Forms about plaques."""

from __future__ import annotations

from typing import Any

from django import forms

from config.lib.forms import ANY_CHOICE, ScopedForm, ScopedModelForm
from config.lib.versions import VersionedFormMixin
from members.forms.members import date_field
from members.models import Plaque
from members.rules.reporting import REASON_LENGTH
from members.services.plaques import PlaqueFacts
from organizations.models import Community


class PlaqueForm(ScopedModelForm):
    """Where a plaque hangs; a photo of it."""

    address = forms.CharField(
        label="门牌地址", max_length=200, help_text="写到门牌号，如：3幢2单元501室"
    )
    photo = forms.FileField(
        label="照片",
        required=False,
        help_text="挂好的门牌，手机拍的就行，不超过10 MB；照片里的拍摄地点会自动去掉",
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )

    class Meta:
        model = Plaque
        fields = [
            *("community", "building", "address", "hung_on"),
            *("badge_number", "badge_given_on"),
        ]
        widgets = {"hung_on": forms.DateInput, "badge_given_on": forms.DateInput}
        help_texts = {
            "building": "小区和楼栋，如：滨江花园3幢",
            "badge_number": "没有编号的可以不填",
        }

    def _post_clean(self) -> None:
        """Leave checking the whole to the service."""

    def facts(self) -> PlaqueFacts:
        """What the service takes."""
        return PlaqueFacts(**{n: self.cleaned_data[n] for n in self.Meta.fields})


class PlaqueAmendForm(VersionedFormMixin, PlaqueForm):
    """A plaque that hangs; its address is replaced, never shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["address"]
        self.initial["address"], field.required = "", False
        field.help_text = f"现为 {self.instance.masked_address}；留空即不变"
        # Else saving would empty a place that lies in another street.
        home = self.fields["community"]
        home.queryset |= Community.objects.filter(pk=self.instance.community_id)
        self.initial.pop("photo", None)

    def clean_address(self) -> str:
        return self.cleaned_data["address"] or self.instance.address

    def stale_display(self, name: str, value: Any) -> str:
        if name in {"address", "photo"}:
            return "（不显示）" if value else "—"
        return super().stale_display(name, value)


class TakeDownForm(VersionedFormMixin, forms.Form):
    day = date_field("摘牌日期")
    words = forms.CharField(
        label="摘牌原因", max_length=REASON_LENGTH, help_text="如：迁出本社区"
    )

    def __init__(self, *args: Any, instance: Plaque, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class PlaqueFilterForm(ScopedForm):
    """GET form of the list."""

    empty_choice = ANY_CHOICE

    group = forms.CharField(required=False, widget=forms.HiddenInput)
    community = forms.ModelChoiceField(
        label="所在社区", queryset=Community.objects.all(), required=False
    )


class HouseholdForm(forms.Form):
    """Whom to look for among those who may live behind the same door."""

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
