"""The form of a paper written for a seminar or an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from activities.people import Person
from config.lib.choices import PlainSelect


class PaperForm(forms.Form):
    """`people` are those one may choose as its author."""

    member = forms.TypedChoiceField(
        label="作者",
        coerce=int,
        empty_value=None,
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
        error_messages={"invalid_choice": "所选的党员已不在名单里，请重新选择。"},
    )
    author_name = forms.CharField(
        label="其他作者",
        max_length=50,
        required=False,
        help_text="作者不是本支部党员的，在这里写姓名",
    )
    title = forms.CharField(label="题目", max_length=100)
    file = forms.FileField(
        label="文件",
        help_text="PDF 或者照片，不超过 10 MB；用文字软件写的请另存为 PDF 再传",
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [
            ("", "不是本支部党员"),
            *((str(person.member_id), person.name) for person in people),
        ]
