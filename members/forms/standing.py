"""Forms about lost contact and decisions about a membership."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.forms import ScopedForm
from config.lib.versions import VersionedFormMixin
from members.choices.standing import LostReason, SearchWay
from members.forms.members import date_field
from members.models import LostCase
from members.rules import REMOVAL_STATUSES
from members.rules import lost as lost_rules
from members.rules import standing as rules
from organizations.models import Organization


def _words(label: str, most: int, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=most, widget=widget, **kwargs)


class LostCaseForm(forms.Form):
    """Since when, why, and how it was last heard of somebody."""

    since = date_field(
        "失去联系日期", help_text="最后一次参加组织生活、交纳党费或与支部联系的日期"
    )
    reason = forms.ChoiceField(
        label="失联原因", choices=[("", "请选择"), *LostReason.choices]
    )
    circumstances = _words(
        "最后联系情况",
        lost_rules.WORDS_LENGTH,
        required=False,
        help_text="只有能查看该党员的人看得到",
    )


class LostAmendForm(VersionedFormMixin, LostCaseForm):
    """The same of a case that is open already."""

    def __init__(self, *args: Any, instance: LostCase, **kwargs: Any) -> None:
        self.instance = instance
        initial = {name: getattr(instance, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)


class SearchStepForm(forms.Form):
    """One attempt to find somebody."""

    way = forms.ChoiceField(
        label="查找方式", choices=[("", "请选择"), *SearchWay.choices]
    )
    taken_on = date_field("查找日期", initial=timezone.localdate)
    result = _words(
        "查找结果",
        lost_rules.WORDS_LENGTH,
        help_text="问了谁、答复是什么；没有找到也写明",
    )


class FoundForm(forms.Form):
    found_on = date_field("取得联系日期", initial=timezone.localdate)
    words = _words(
        "取得联系的情况",
        lost_rules.WORDS_LENGTH,
        help_text="怎样联系上的，本人现在的情况",
    )


_SINCE_LABELS = {
    rules.DecisionKind.SUSPENSION: "出国日期",
    rules.DecisionKind.SELF_QUIT: "起算日期",
}
_SINCE_HELP = {
    rules.DecisionKind.SUSPENSION: "依据为出国学习研究逾期未返回的填写",
    rules.DecisionKind.SELF_QUIT: "不参加组织生活等，从哪一天起；"
    "停止党籍在启用本平台之前的，填停止党籍的日期",
}


class DecisionForm(ScopedForm):
    """What the branch's meeting asks for; the fields follow from the kind."""

    ground = forms.ChoiceField(label="依据")
    since = date_field("起算日期", required=False)
    meeting_on = date_field("支部大会日期")
    organization = forms.ModelChoiceField(
        label="编入党支部",
        queryset=Organization.objects.branches().open().order_by("path"),
        widget=forms.Select(attrs={"data-picker": True}),
    )
    facts = _words("事实和理由", rules.FACTS_LENGTH)

    def __init__(
        self, *args: Any, situation: rules.Situation, decided: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind = decided
        grounds = rules.GROUNDS.get(kind, ())
        if grounds:
            self.fields["ground"].choices = [
                ("", "请选择"),
                *((ground.value, ground.label) for ground in grounds),
            ]
        else:
            del self.fields["ground"]
        if kind in _SINCE_LABELS:
            self.fields["since"].label = _SINCE_LABELS[kind]
            self.fields["since"].help_text = _SINCE_HELP[kind]
        else:
            del self.fields["since"]
        if situation.status not in REMOVAL_STATUSES:
            del self.fields["organization"]

    def proposal(self) -> rules.Proposal:
        data = self.cleaned_data
        return rules.Proposal(
            kind=self.kind,
            ground=data.get("ground", ""),
            since=data.get("since"),
            meeting_on=data["meeting_on"],
        )


class ApproveForm(forms.Form):
    decided_on = date_field(
        "批准日期", initial=timezone.localdate, help_text="从这一天起生效"
    )
    document_number = forms.CharField(
        label="批准文号", max_length=60, required=False, help_text="有文件的填写"
    )


class AnswerForm(forms.Form):
    words = _words("原因", lost_rules.WORDS_LENGTH)


class DeathForm(forms.Form):
    died_on = date_field("去世日期")
    facts = _words("说明", lost_rules.WORDS_LENGTH, required=False)
