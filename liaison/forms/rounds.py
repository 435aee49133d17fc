"""Forms of rounds: another rhythm for a unit, words given back."""

from __future__ import annotations

from typing import Any

from django import forms

from liaison.choices import PeriodKind


class ScheduleForm(forms.Form):
    kind = forms.ChoiceField(
        label="反馈周期", required=False, widget=forms.RadioSelect, choices=[]
    )
    reason = forms.CharField(
        label="原因",
        max_length=200,
        required=False,
        help_text="例如单位来函要求每半年反馈一次；恢复街道统一周期时可以不填。",
    )

    def __init__(self, *args: Any, general: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = PeriodKind(general).label
        self.fields["kind"].choices = [
            ("", f"按街道统一的周期（现在是{own}）"),
            *PeriodKind.choices,
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") and not data.get("reason", "").strip():
            self.add_error("reason", "请写明为什么另定周期。")
        return data


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="退回原因",
        max_length=200,
        error_messages={"required": "请写明哪里要改，支部才知道改什么。"},
    )
