"""Forms about the care for members in difficulty."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from config.lib.forms import ANY_CHOICE, NO_CHOICE
from config.lib.versions import VersionedFormMixin
from members.caring import NEEDS, level_labels
from members.choices.hardship import CaseEnd, CaseState
from members.forms.members import date_field
from members.models import HardshipCase
from members.parameters.hardship import AID_KINDS, CRITERIA, KINDS
from members.rules.hardship import WORDS_LENGTH
from members.services.aids import Gift
from members.services.hardship import Circumstances, Meeting
from members.services.hardship_reviews import Review
from organizations import parameters

_LISTS = {"kinds": KINDS, "criteria": CRITERIA}


def _words(label: str, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=WORDS_LENGTH,
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        **more,
    )


def _yuan(label: str, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_digits=10, decimal_places=2, **more
    )


def _people() -> forms.IntegerField:
    return forms.IntegerField(label="家庭人口", min_value=1, max_value=30)


def _ticks(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, widget=forms.CheckboxSelectMultiple)


def _pairs(labels: Iterable[str]) -> list[tuple[str, str]]:
    return [(label, label) for label in labels]


class CareForm(forms.Form):
    """Why a member asks for help."""

    applied_on = date_field("申请日期", initial=timezone.localdate)
    kinds = _ticks("困难类型")
    criteria = _ticks("符合的认定条件")
    household_size = _people()
    income_per_head = _yuan(
        "家庭人均月收入（元）", help_text="全家月收入除以人口；与低保标准的关系自动算出"
    )
    words = _words("情况说明", help_text="只有能看困难帮扶的人看得到")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, key in _LISTS.items():
            known = parameters.get(key)
            # What was chosen stays a choice after the list was changed.
            kept = [each for each in self.initial.get(name, []) if each not in known]
            self.fields[name].choices = _pairs([*known, *kept])

    def circumstances(self) -> Circumstances:
        names = Circumstances.__dataclass_fields__
        return Circumstances(**{name: self.cleaned_data[name] for name in names})


class CareAmendForm(VersionedFormMixin, CareForm):
    """The same of an application written down already."""

    def __init__(self, *args: Any, instance: HardshipCase, **kwargs: Any) -> None:
        self.instance = instance
        names = ("applied_on", "household_size", "income_per_head", "words")
        initial = {name: getattr(instance, name) for name in names}
        initial["kinds"] = instance.kind_labels
        initial["criteria"] = instance.criteria_labels
        super().__init__(*args, initial=initial, **kwargs)

    def stale_display(self, name: str, value: Any) -> str:
        if name in _LISTS:
            lines = value.splitlines() if isinstance(value, str) else value or []
            return "、".join(lines) or "—"
        if name == "income_per_head" and value is not None:
            return f"{value:.2f}"
        return super().stale_display(name, value)


class CaseStepForm(VersionedFormMixin, forms.Form):
    """A step of one case, seen as it was when the page was opened."""

    def __init__(self, *args: Any, instance: HardshipCase, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class MeetingForm(CaseStepForm):
    met_on = date_field("支部大会日期")
    words = _words("支部大会意见", required=True)
    public_from = date_field("公示开始")
    public_until = date_field("公示结束")
    is_eligible = forms.BooleanField(
        label="已核对：民主评议没有定为不合格，没有无正当理由不履行党员义务",
        required=False,
    )

    def meeting(self) -> Meeting:
        names = Meeting.__dataclass_fields__
        return Meeting(**{name: self.cleaned_data[name] for name in names})


class RecognizeForm(CaseStepForm):
    recognized_on = date_field("认定日期")
    level = forms.ChoiceField(label="困难级别")
    body = forms.CharField(label="认定机关", max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [("", NO_CHOICE), *level_labels().items()]


class ReasonForm(CaseStepForm):
    words = _words("原因", required=True)


class ReviewForm(CaseStepForm):
    reviewed_on = date_field("复核日期")
    level = forms.ChoiceField(label="复核结果", required=False)
    household_size = _people()
    income_per_head = _yuan("家庭人均月收入（元）")
    words = _words("复核情况")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [
            *((key, f"仍困难：{label}") for key, label in level_labels().items()),
            ("", "不再困难，结束帮扶"),
        ]

    def review(self) -> Review:
        names = Review.__dataclass_fields__
        return Review(**{name: self.cleaned_data[name] for name in names})


class EndForm(CaseStepForm):
    ended_on = date_field("结束日期")
    reason = forms.ChoiceField(
        label="结束原因",
        choices=[
            ("", NO_CHOICE),
            *(each for each in CaseEnd.choices if each[0] != CaseEnd.MERGED),
        ],
    )
    words = _words("说明", required=True)


class AidForm(forms.Form):
    """What was given."""

    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    kind = forms.ChoiceField(label="帮扶形式")
    amount = _yuan("金额（元）", help_text="实物填折合金额，没有的填0")
    given_on = date_field("帮扶日期", initial=timezone.localdate)
    voucher_number = forms.CharField(
        label="凭证号", max_length=40, required=False, help_text="本街道内不能重复"
    )
    visitors = forms.CharField(
        label="走访人",
        max_length=100,
        required=False,
        help_text="上门走访的人；填了的，这一天也算联系过",
    )
    words = _words("说明")
    urgent_reason = _words(
        "急难原因", help_text="认定以前先帮扶的才填：为什么不能等到认定以后"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = _pairs(parameters.get(AID_KINDS))
        self.fields["kind"].choices = [("", NO_CHOICE), *kinds]

    def gift(self) -> Gift:
        names = Gift.__dataclass_fields__
        return Gift(**{name: self.cleaned_data[name] for name in names})


class AidWithdrawForm(forms.Form):
    words = _words("撤回原因", required=True)


class HardshipFilterForm(forms.Form):
    """GET form of the list."""

    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", ANY_CHOICE), *CaseState.choices]
    )
    level = forms.ChoiceField(label="困难级别", required=False)
    needs = forms.ChoiceField(
        label="待办",
        required=False,
        choices=[("", ANY_CHOICE), *((key, need.label) for key, need in NEEDS.items())],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [("", ANY_CHOICE), *level_labels().items()]

    @property
    def is_filtered(self) -> bool:
        return any(self.data.get(name) for name in self.fields)
