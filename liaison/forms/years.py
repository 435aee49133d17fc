"""Forms of a card's year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms

from config.lib.choices import PlainSelect
from liaison.rules.years import MOST_SUMMARY


class InvitationForm(forms.Form):
    """When and to what a card holder is invited."""

    month = forms.TypedChoiceField(label="月份", coerce=date.fromisoformat)
    activity = forms.TypedChoiceField(
        label="已安排的活动",
        required=False,
        coerce=int,
        empty_value=None,
        widget=PlainSelect,
        error_messages={"invalid_choice": "所选的活动已不在名单里，请重新选择。"},
        help_text="选了活动的，按活动的月份",
    )
    content = forms.CharField(
        label="或者写明",
        required=False,
        max_length=100,
        help_text="邀请他做什么，如：楼道清扫、法律讲座",
    )
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def __init__(
        self,
        *args: Any,
        year: int,
        activities: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [
            (date(year, number, 1).isoformat(), f"{number}月")
            for number in range(1, 13)
        ]
        self.fields["activity"].choices = [("", "不选"), *activities]


class SummaryForm(forms.Form):
    words = forms.CharField(
        label="年度小结",
        max_length=MOST_SUMMARY,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    # 0 where nothing was written yet.
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0, label="版本")

    def stale_display(self, name: str, value: Any) -> str:
        return str(value)
