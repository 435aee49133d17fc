"""The form of one item fulfilled outside an activity."""

from __future__ import annotations

from typing import Any

from django import forms

from activities.models import ProgramItem
from config.lib.forms import ScopedForm
from members.models import Member


class AchievementForm(ScopedForm):
    item = forms.ModelChoiceField(
        label="完成的项目", queryset=ProgramItem.objects.none()
    )
    achieved_on = forms.DateField(label="完成日期", widget=forms.DateInput)
    content = forms.CharField(
        label="内容",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明做了什么，例如：订阅《人民日报》一份。",
    )
    evidence = forms.FileField(
        label="佐证材料",
        required=False,
        help_text="照片或 PDF，不超过 10 MB；思想汇报可以不上传。",
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, member: Member, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = (
            ProgramItem.objects.in_force(today)
            .by_hand()
            .filter(program__audience=member.category)
            .select_related("program")
            .order_by("program__sort_order", "sort_order", "pk")
        )
        self.fields["item"].queryset = items
        self.fields["item"].label_from_instance = lambda item: (
            f"{item.program.name}：{item.name}"
            + ("（须佐证材料）" if item.needs_evidence else "")
        )
