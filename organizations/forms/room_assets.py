"""Forms of the equipment and periodicals of rooms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import models
from django.utils import timezone

from config.lib.choices import PlainSelect
from config.lib.forms import (
    ANY_CHOICE,
    NO_CHOICE,
    GroupedForm,
    TickedField,
    request_id_field,
    words_field,
)
from organizations.forms.parts import (
    date_field,
    place_field,
    version_field,
)
from organizations.models import RoomAsset
from organizations.room_choices import AssetKind, AssetState
from organizations.services.room_assets import AssetFacts


class AssetForm(forms.Form):
    """A line of the list."""

    kind = forms.ChoiceField(
        label="类别", choices=[("", NO_CHOICE), *AssetKind.choices]
    )
    name = forms.CharField(
        label="名称", max_length=80, help_text="如：投影仪、《党建》杂志"
    )
    quantity = forms.IntegerField(
        label="数量", min_value=1, max_value=10_000, initial=1
    )
    acquired_on = date_field("配备日期", initial=timezone.localdate)
    subscribed_year = forms.IntegerField(
        label="订阅年份", required=False, help_text="只有党建刊物填，如：2026"
    )
    request_id = request_id_field()
    version = version_field()

    def facts(self) -> AssetFacts:
        data = self.cleaned_data
        names = ("kind", "name", "quantity", "acquired_on", "subscribed_year")
        return AssetFacts(**{name: data[name] for name in names})


def initial_of_asset(asset: RoomAsset) -> dict[str, Any]:
    names = ("kind", "name", "quantity", "acquired_on", "subscribed_year", "version")
    return {name: getattr(asset, name) for name in names}


class AssetStateForm(forms.Form):
    """What became of some or all pieces of a line."""

    state = forms.ChoiceField(
        label="新的状态", choices=[("", NO_CHOICE), *AssetState.choices]
    )
    number = forms.IntegerField(
        label="数量", min_value=1, help_text="不是全部的，自动分成两行"
    )
    on_date = date_field("哪天起", initial=timezone.localdate)
    words = words_field(
        "说明", 2, 200, required=False, help_text="如：已报修、交回街道"
    )
    version = version_field()


class AssetCheckForm(forms.Form):
    """What was looked at on a day."""

    on_date = date_field("检查日期", initial=timezone.localdate)
    assets = TickedField(
        label="检查过的设备刊物",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请勾选检查过的设备刊物。"},
    )

    def __init__(self, *args: Any, assets: Sequence[RoomAsset], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assets"].choices = [
            (
                row.pk,
                f"{row.name}（{row.get_kind_display()}，{row.quantity}件，"
                f"{row.get_state_display()}）",
            )
            for row in assets
        ]
        # All but what is known to be broken: whoever checks goes through the list.
        self.fields["assets"].initial = [
            row.pk for row in assets if row.state == AssetState.GOOD
        ]


class AssetGroup(models.TextChoices):
    """Tabs of the list of all rooms."""

    OVERDUE = "overdue", "逾期未检查"
    BROKEN = "broken", "损坏"
    ALL = "all", "全部"


class AssetFilterForm(GroupedForm):
    """GET form of the list of all rooms."""

    groups = AssetGroup

    organization = place_field("党组织（含下级）", required=False)
    kind = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[("", ANY_CHOICE), *AssetKind.choices],
        widget=PlainSelect,
    )
