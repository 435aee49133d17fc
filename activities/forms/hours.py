"""The hours of single people in an activity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from activities.models import Activity, Participation
from activities.services.activities import OwnPart
from config.lib.dates import clean_text
from config.lib.forms import ScopedForm


@dataclass(frozen=True)
class HoursRow:
    part: Participation
    hours: forms.BoundField
    note: forms.BoundField


class HoursForm(ScopedForm):
    """Hours and a note for everybody who was present; blank is the activity's own."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        activity: Activity,
        parts: Sequence[Participation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.parts = parts
        self.initial.setdefault("version", activity.version)
        most = activity.hours.normalize()
        for part in parts:
            name = part.member.name
            self.fields[f"hours-{part.member_id}"] = forms.DecimalField(
                label=f"{name}的时长",
                required=False,
                min_value=0,
                max_value=activity.hours,
                max_digits=4,
                decimal_places=1,
                initial=f"{part.hours.normalize():f}",
                widget=forms.NumberInput(attrs={"step": "0.5"}),
                error_messages={
                    "max_value": f"不能超过活动时长 {most:f} 小时；"
                    "活动时长有误的，请先在“修改”中改正。",
                    "max_decimal_places": "最多保留一位小数，如 1.5。",
                },
            )
            self.fields[f"note-{part.member_id}"] = forms.CharField(
                label=f"{name}的说明",
                required=False,
                max_length=100,
                initial=part.note,
                widget=forms.TextInput(attrs={"placeholder": "如：提前离开"}),
            )

    def rows(self) -> Iterator[HoursRow]:
        for part in self.parts:
            yield HoursRow(
                part, self[f"hours-{part.member_id}"], self[f"note-{part.member_id}"]
            )

    def own_parts(self) -> dict[int, OwnPart]:
        """What the service takes."""
        data = self.cleaned_data
        return {
            part.member_id: OwnPart(
                data[f"hours-{part.member_id}"],
                clean_text(data[f"note-{part.member_id}"]),
            )
            for part in self.parts
        }

    def conflicts(self, fresh: Sequence[Participation]) -> list[list[str]]:
        """Name, what was typed in and what is stored now, where they differ."""
        found = []
        stored = {part.member_id: part for part in fresh}
        for member_id, mine in self.own_parts().items():
            theirs = stored.get(member_id)
            if theirs is None:
                continue
            hours = theirs.activity.hours if mine.hours is None else mine.hours
            shown = _shown(hours, mine.note), _shown(theirs.hours, theirs.note)
            if shown[0] != shown[1]:
                found.append([theirs.member.name, *shown])
        return found


def _shown(hours: Any, note: str) -> str:
    text = f"{hours.normalize():f} 小时"
    return f"{text}（{note}）" if note else text
