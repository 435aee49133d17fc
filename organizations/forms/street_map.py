"""Forms of the map: the file, a community for each of its areas, what to take off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from config.lib.forms import TickedField
from organizations.geo_rules import Shape, name_key
from organizations.models import Community, CommunityOutline

LEFT_OUT = "不用"


class MapUploadForm(forms.Form):
    file = forms.FileField(
        label="边界图",
        help_text="地图轮廓文件（.geojson 或 .json，不超过 5 MB），每个社区画成一块面，"
        "属性“名称”写社区名称，坐标系选 WGS84 或国家 2000 的经纬度",
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json"}),
    )


class ShapesForm(forms.Form):
    """A choice for each area, filled in where its name is a community's."""

    def __init__(
        self,
        *args: Any,
        shapes: Sequence[Shape],
        places: Sequence[Community],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shapes = shapes
        keys = [name_key(place.name) for place in places]
        by_name = {
            key: place.pk
            for key, place in zip(keys, places, strict=True)
            # Whose name two communities bear is left to be chosen.
            if keys.count(key) == 1
        }
        choices = [("", LEFT_OUT), *((place.pk, place.name) for place in places)]
        for shape in shapes:
            self.fields[f"shape_{shape.number}"] = forms.TypedChoiceField(
                label=f"第{shape.number}块的社区",
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                initial=by_name.get(name_key(shape.name), "") if shape.name else "",
            )

    def rows(self) -> list[tuple[Shape, Any]]:
        return [(shape, self[f"shape_{shape.number}"]) for shape in self.shapes]

    def chosen(self) -> dict[int, int]:
        """Number of an area to the community it is for."""
        found = {s.number: self.cleaned_data[f"shape_{s.number}"] for s in self.shapes}
        return {number: pk for number, pk in found.items() if pk is not None}


class RemoveForm(forms.Form):
    """Which outlines go; a choice names the version that was seen."""

    outlines = TickedField(
        label="删除哪些社区的边界",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少勾选一个社区。",
            "invalid_choice": "所选的边界刚刚被别人替换或删除，请重新勾选。",
        },
    )

    def __init__(
        self, *args: Any, rows: Sequence[CommunityOutline], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outlines"].choices = [
            (f"{row.pk}.{row.version}", row.community.name) for row in rows
        ]

    def chosen(self) -> list[tuple[int, int]]:
        pairs = (value.split(".") for value in self.cleaned_data["outlines"])
        return [(int(pk), int(version)) for pk, version in pairs]
