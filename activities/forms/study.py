"""Forms of study hours and self-study."""

from __future__ import annotations

from typing import Any

from django import forms

from activities.rules.study import TEXT_LENGTH
from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, ScopedForm
from organizations.models import Organization


def _text(label: str, *, rows: int = 3, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=TEXT_LENGTH, widget=widget, **more)


def _place() -> KeptModelChoiceField:
    return KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )


class StudyFilterForm(ScopedForm):
    """GET form of the list of members with their hours."""

    empty_choice = ANY_CHOICE

    organization = _place()
    show = forms.ChoiceField(
        label="学时进度",
        required=False,
        choices=[("", ANY_CHOICE), ("behind", "落后于进度的")],
        widget=PlainSelect,
    )


class SelfStudyFilterForm(ScopedForm):
    """GET form of the list of self-study."""

    empty_choice = ANY_CHOICE

    organization = _place()
    show = forms.ChoiceField(
        label="问号",
        required=False,
        choices=[("", ANY_CHOICE), ("open", "还没有解答的")],
        widget=PlainSelect,
    )


class SelfStudyForm(ScopedForm):
    studied_on = forms.DateField(label="自学日期", widget=forms.DateInput)
    hours = forms.DecimalField(
        label="学时",
        min_value=0.5,
        max_digits=3,
        decimal_places=1,
        help_text="一小时记1学时",
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    material = forms.CharField(
        label="自学内容", max_length=200, help_text="如：《习近平著作选读》第一卷"
    )
    notes = _text("学习笔记", rows=4, required=False)
    question = _text(
        "带着的问号",
        required=False,
        help_text="自学中没弄懂、想在集中学时问的问题；有人解答后再登记解答。",
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AnswerForm(ScopedForm):
    answered_by = forms.CharField(
        label="由谁解答", max_length=60, help_text="如：党校讲师、社区党委书记"
    )
    answered_on = forms.DateField(label="解答日期", widget=forms.DateInput)
    answer = _text("解答", rows=4)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
