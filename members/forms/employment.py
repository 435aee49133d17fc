"""Forms about employment, needs, help and what members do for others' work."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, ScopedForm
from config.lib.periods import Month, parse_period
from config.lib.versions import VersionedFormMixin, display_value
from members.choices.employment import (
    EmploymentGroup,
    EmploymentStatus,
    HelpKind,
    HelpResult,
    LeadKind,
)
from members.forms.members import date_field
from members.models import EmploymentNeed, EmploymentSpell, HelpStep
from members.rules.employment import MOST_PEOPLE, PLACE_LENGTH, TEXT_LENGTH
from organizations.models import Organization

_MONTHS = 36  # offered in the ledger


def _text(label: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=TEXT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        **options,
    )


def _line(label: str, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=PLACE_LENGTH, **options)


class SpellForm(forms.Form):
    """How it stands since when; offers to bring the member's category in line."""

    status = forms.ChoiceField(label="就业状况", choices=EmploymentStatus.choices)
    starts_on = date_field("从哪天起", initial=timezone.localdate)
    workplace = _line(
        "单位或行业",
        required=False,
        help_text="单位招用的写单位；自谋职业、灵活就业的写做什么，如“开小吃店”“送外卖”",
    )
    set_category = forms.BooleanField(
        label="党员类别一并改过来",
        required=False,
        help_text="就业的改为在职党员，下岗、求职的改为下岗失业党员，"
        "退休的改为离退休党员；不勾选就不改",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [("", "请选择"), *EmploymentStatus.choices]

    # How the page about two versions shows a value, as of VersionedFormMixin.
    def stale_display(self, name: str, value: Any) -> str:
        return display_value(self.fields[name], value)


class SpellAmendForm(SpellForm):
    """The same of a spell written down already."""

    def __init__(self, *args: Any, instance: EmploymentSpell, **kwargs: Any) -> None:
        names = ("status", "starts_on", "workplace")
        initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)


class NeedsForm(forms.Form):
    """What somebody needs, over the words that stood there when it was opened."""

    needs = _text("困难和需求", help_text="如照顾老人、身体原因、希望离家近、缺少资金")
    skills = _text("想学的技能", help_text="如家政、电工、电商、烹饪")
    version = forms.IntegerField(widget=forms.HiddenInput, label="版本")

    def __init__(
        self, *args: Any, instance: EmploymentNeed | None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"version": 0}
        if instance is not None:
            names = ("needs", "skills", "version")
            initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)

    def stale_display(self, name: str, value: Any) -> str:
        return display_value(self.fields[name], value)


class HelpForm(forms.Form):
    """One step of help; its result may follow later."""

    kind = forms.ChoiceField(label="帮扶方式")
    given_on = date_field("帮扶日期", initial=timezone.localdate)
    provider = _line(
        "由谁提供", required=False, help_text="培训机构、招聘单位、人社所等"
    )
    content = _text("帮扶内容", help_text="推荐什么岗位、培训什么、帮办了什么")
    result = forms.ChoiceField(label="结果", choices=HelpResult.choices)
    result_words = _text("结果说明", help_text="没有办成的请写原因；等待结果的以后再写")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "请选择"), *HelpKind.choices]


class ResultForm(VersionedFormMixin, forms.Form):
    """What came of a step of help."""

    result = forms.ChoiceField(
        label="结果",
        choices=[
            (each.value, each.label)
            for each in HelpResult
            if each != HelpResult.PENDING
        ],
    )
    result_on = date_field("结果日期", initial=timezone.localdate)
    result_words = _text("结果说明", help_text="没有办成的请写原因")

    def __init__(self, *args: Any, instance: HelpStep, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)
        if instance.result != HelpResult.PENDING:
            self.initial = {
                "result": instance.result,
                "result_on": instance.result_on,
                "result_words": instance.result_words,
            }


class LeadForm(forms.Form):
    """People led into work, or a service opened."""

    kind = forms.ChoiceField(
        label="带动方式",
        choices=[
            (each.value, each.label) for each in (LeadKind.PEOPLE, LeadKind.SERVICE)
        ],
    )
    starts_on = date_field("从哪天起", initial=timezone.localdate)
    title = _line(
        "去向或项目",
        help_text="带领就业的写带到哪里、做什么；开办项目的写项目名称，如“便民缝补店”",
    )
    people_count = forms.IntegerField(
        label="带领人数", min_value=0, max_value=MOST_PEOPLE, required=False
    )
    posts_count = forms.IntegerField(
        label="新增岗位", min_value=0, max_value=MOST_PEOPLE, required=False
    )
    evidence = _text("依据", help_text="凭什么认定，如营业执照、用工合同、社区核实")

    def clean(self) -> dict[str, Any]:
        """Nothing typed in is none."""
        data = super().clean() or self.cleaned_data
        for name in ("people_count", "posts_count"):
            data[name] = data.get(name) or 0
        return data


class EmploymentFilterForm(ScopedForm):
    """GET form of the list of those out of work."""

    empty_choice = ANY_CHOICE

    group = forms.ChoiceField(
        label="就业状况",
        required=False,
        choices=EmploymentGroup.choices,
        widget=PlainSelect,
    )
    organization = KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )
    silent = forms.ChoiceField(
        label="本季度",
        required=False,
        choices=[("", ANY_CHOICE), ("1", "没有联系也没有帮扶")],
        widget=PlainSelect,
    )


class LeadFilterForm(ScopedForm):
    """GET form of the ledger of deeds."""

    empty_choice = ANY_CHOICE

    organization = KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )
    month = forms.ChoiceField(label="月份", required=False, widget=PlainSelect)
    kind = forms.ChoiceField(
        label="带动方式",
        required=False,
        choices=[("", ANY_CHOICE), *LeadKind.choices],
        widget=PlainSelect,
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [Month.containing(today)]
        while len(months) < _MONTHS:
            months.append(months[-1].previous())
        self.fields["month"].choices = [
            ("", ANY_CHOICE),
            *((month.label, month.title) for month in months),
        ]

    def clean_month(self) -> Month | None:
        text = self.cleaned_data["month"]
        return parse_period(text) if text else None
