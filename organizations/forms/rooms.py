"""Forms of activity rooms: what a room is, and the filters of the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import PlainSelect
from config.lib.forms import (
    ANY_CHOICE,
    GroupedForm,
    ScopedForm,
    request_id_field,
    words_field,
)
from organizations.access import Right
from organizations.forms.parts import (
    date_field,
    place_field,
    version_field,
)
from organizations.models import Building, Community, Organization, Room
from organizations.room_choices import RoomGroup, StationKind
from organizations.room_rules import EXAMPLE, Span, parse_hours
from organizations.services.rooms import RoomFacts, StationFacts

MOST_BUILDINGS = 2000


def _phone(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class RoomForm(ScopedForm):
    """A room: where, when, who keeps it, which stations it houses."""

    organization = place_field("管理的党组织", help_text="通常是社区党委")
    name = forms.CharField(
        label="活动室名称", max_length=60, help_text="如：沿江社区党员活动室"
    )
    building = forms.TypedChoiceField(
        label="楼栋",
        coerce=int,
        empty_value=None,
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
        help_text="社区的楼栋；不在楼栋里的，写具体位置",
        error_messages={"invalid_choice": "所选的楼栋已不在社区里，请重新选择。"},
    )
    place = forms.CharField(
        label="具体位置", max_length=100, required=False, help_text="如：2楼东侧"
    )
    capacity = forms.IntegerField(
        label="可容纳人数", required=False, min_value=1, max_value=10_000
    )
    opened_on = date_field("启用日期", initial=timezone.localdate)
    hours = words_field(
        "每周开放时间",
        3,
        500,
        required=False,
        help_text=f"一行一种，如：{EXAMPLE}",
    )
    keeper_name = forms.CharField(label="管理员", max_length=50, required=False)
    keeper_phone = _phone("管理员电话")
    request_id = request_id_field()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if "organization" in self.fields:
            places = Organization.objects.with_right(user, Right.KEEP_ROOMS)
            self.fields["organization"].queryset = places.open().order_by("path")
        self.fields["building"].choices = [
            ("", "没有"),
            *_buildings(user, self.initial.get("building")),
        ]
        for kind in StationKind:
            self.fields[f"{kind}_housed"] = forms.BooleanField(
                label=f"设{kind.label}", required=False
            )
            self.fields[f"{kind}_service"] = forms.CharField(
                label=f"{kind.label}：服务内容", max_length=200, required=False
            )
            self.fields[f"{kind}_keeper"] = forms.CharField(
                label=f"{kind.label}：负责人", max_length=50, required=False
            )
            self.fields[f"{kind}_phone"] = _phone(f"{kind.label}：负责人电话")

    def clean_hours(self) -> list[Span]:
        return parse_hours(self.cleaned_data["hours"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for kind in StationKind:
            told = any(data.get(f"{kind}_{part}") for part in _WORDS)
            if told and not data.get(f"{kind}_housed"):
                self.add_error(
                    f"{kind}_housed", "填了服务内容或负责人的，请勾选设这个站。"
                )
        return data

    def facts(self) -> RoomFacts:
        data = self.cleaned_data
        return RoomFacts(
            name=data["name"],
            opened_on=data["opened_on"],
            place=data["place"],
            building_id=data["building"],
            capacity=data["capacity"],
            hours=data["hours"],
            keeper_name=data["keeper_name"],
            keeper_phone=data["keeper_phone"],
            stations=[
                StationFacts(kind, *(data[f"{kind}_{part}"] for part in _WORDS))
                for kind in StationKind
                if data[f"{kind}_housed"]
            ],
        )


_WORDS = ("service", "keeper", "phone")


def _buildings(user: Any, own: int | None) -> list[tuple[int, str]]:
    """Those to choose from; the room's `own` is among them however many there are."""
    rows = Building.objects.values_list("pk", "community__name", "name")
    seen = rows.filter(community__in=Community.objects.visible_to(user))
    found = list(seen[:MOST_BUILDINGS])
    if own is not None and all(pk != own for pk, *_ in found):
        found += rows.filter(pk=own)
    return [(pk, f"{place} {name}") for pk, place, name in found]


class RoomEditForm(RoomForm):
    """A room as it is; who keeps it stands."""

    organization = None
    request_id = None
    version = version_field()


def initial_of_room(room: Room) -> dict[str, Any]:
    """What the form shows of a room."""
    names = ("name", "place", "capacity", "opened_on", "keeper_name", "keeper_phone")
    initial: dict[str, Any] = {name: getattr(room, name) for name in names}
    initial |= {
        "building": room.building_id,
        "hours": "\n".join(room.hours_lines),
        "version": room.version,
    }
    for station in room.stations.all():
        initial |= {
            f"{station.kind}_housed": True,
            f"{station.kind}_service": station.service,
            f"{station.kind}_keeper": station.keeper_name,
            f"{station.kind}_phone": station.keeper_phone,
        }
    return initial


class RoomCloseForm(forms.Form):
    on_date = date_field("停用日期", initial=timezone.localdate)
    reason = words_field("停用的原因", 2, 200)
    version = version_field()


class RoomFilterForm(GroupedForm):
    """GET form of the list."""

    groups = RoomGroup

    organization = place_field("党组织（含下级）", required=False)
    station = forms.ChoiceField(
        label="设哪个站",
        required=False,
        choices=[("", ANY_CHOICE), *StationKind.choices],
        widget=PlainSelect,
    )
