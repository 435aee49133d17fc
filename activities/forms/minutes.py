"""The form of a meeting's minutes, with a reason for each who was away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from activities.models import Minutes, Participation
from activities.services.minutes import MinutesFacts
from config.lib.dates import clean_text
from config.lib.versions import display_value

_AREA = {"rows": 6}


class MinutesForm(forms.Form):
    """`away` are the rows of those on leave or absent, in the order shown."""

    chair = forms.CharField(label="主持人", max_length=30, required=False)
    keeper = forms.CharField(label="记录人", max_length=30, required=False)
    topics = forms.CharField(
        label="议题和讨论情况",
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs=_AREA),
    )
    decisions = forms.CharField(
        label="会议决定",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs=_AREA),
        help_text="表决的写明赞成、反对、弃权各几票。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        stored: Minutes | None,
        away: Sequence[Participation],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.away = away
        self.initial.setdefault("version", stored.version if stored else 0)
        for name in ("chair", "keeper", "topics", "decisions"):
            self.initial.setdefault(name, getattr(stored, name, ""))
        for part in away:
            self.fields[f"reason-{part.member_id}"] = forms.CharField(
                label=f"{part.member.name}（{part.get_presence_display()}）的原因",
                required=False,
                max_length=100,
                initial=part.note,
                widget=forms.TextInput(attrs={"placeholder": "如：住院、出差"}),
            )

    def reason_rows(self) -> Iterator[forms.BoundField]:
        for part in self.away:
            yield self[f"reason-{part.member_id}"]

    def main_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("chair", "keeper", "topics", "decisions")]

    def facts(self) -> MinutesFacts:
        data = self.cleaned_data
        return MinutesFacts(
            data["chair"], data["keeper"], data["topics"], data["decisions"]
        )

    def reasons(self) -> dict[int, str]:
        return {
            part.member_id: clean_text(self.cleaned_data[f"reason-{part.member_id}"])
            for part in self.away
        }

    def stale_display(self, name: str, value: Any) -> str:
        return display_value(self.fields[name], value)
