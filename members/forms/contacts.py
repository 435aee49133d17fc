"""Forms about contacts with members."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from members.choices.contacts import ContactWay
from members.forms.members import date_field
from members.rules.contacts import CONTENT_LENGTH

SILENT = (("30", "30天以上"), ("60", "60天以上"), ("90", "90天以上"))


class ContactForm(forms.Form):
    """What was said, when and how."""

    way = forms.ChoiceField(label="联系方式", choices=ContactWay.choices)
    contacted_on = date_field("联系日期", initial=timezone.localdate)
    content = forms.CharField(
        label="联系内容",
        max_length=CONTENT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="思想、工作、生活情况和反映的问题；没有特别的可以不写",
    )


class CallFilterForm(forms.Form):
    """GET form of the page for calling."""

    q = forms.CharField(
        label="姓名、拼音、首字母",
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
    silent = forms.ChoiceField(
        label="没有联系", required=False, choices=[("", "不限"), *SILENT]
    )
