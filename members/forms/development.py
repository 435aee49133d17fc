"""Forms about applicants and the steps on the way into the Party."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.forms import ScopedForm, ScopedModelForm
from config.lib.identity import IdNumber, normalize_phone
from config.lib.names import normalize_name
from config.lib.versions import VersionedFormMixin
from members.choices.development import CloseReason, Outcome, StepKind
from members.forms.members import date_field
from members.forms.transfers import find_branch
from members.models import Applicant, Member
from members.rules.development import MEETINGS, NOTE_LENGTH, Votes
from members.services.development import Deed, full_members
from organizations.models import Organization

_VOTES = tuple(Votes.__dataclass_fields__)
# Beside the day and the words, what each step asks for.
_FIELDS_OF: dict[str, tuple[str, ...]] = {
    StepKind.ACTIVIST: ("filed_on",),
    StepKind.CONTACTS: ("first", "second"),
    StepKind.INSPECTION: ("outcome",),
    StepKind.PUBLICITY: ("until",),
    StepKind.CANDIDATE: ("filed_on",),
    StepKind.SPONSORS: ("first", "second"),
    StepKind.REVIEW: ("outcome",),
    StepKind.TRAINING: ("hours",),
    StepKind.PRE_REVIEW: ("outcome", "document"),
    StepKind.MEETING: _VOTES,
    StepKind.APPROVAL: ("outcome", "document"),
    StepKind.OBSERVED: ("outcome",),
    StepKind.CONFIRM: _VOTES,
    StepKind.EXTEND: ("months", *_VOTES),
    StepKind.CANCEL: _VOTES,
    StepKind.DECISION: ("outcome", "document"),
}
_DAYS: dict[str, str] = {
    StepKind.TALK: "谈话日期",
    StepKind.ACTIVIST: "支部委员会（或支部大会）决定日期",
    StepKind.CONTACTS: "指定日期",
    StepKind.PUBLICITY: "公示开始日期",
    StepKind.CANDIDATE: "支部委员会（或支部大会）决定日期",
    StepKind.TRAINING: "培训结束日期",
    StepKind.PRE_REVIEW: "预审结果日期",
    StepKind.APPROVAL: "审批日期",
    StepKind.DECISION: "审批日期",
    StepKind.REQUEST: "递交日期",
}
_NOTES: dict[str, str] = {
    StepKind.TALK: "谈话人和谈话情况",
    StepKind.ACTIVIST: "推荐、推优情况",
    StepKind.PUBLICITY: "公示方式和反映的情况",
    StepKind.INSPECTION: "考察意见",
    StepKind.OBSERVED: "考察意见",
    StepKind.REVIEW: "政治审查情况",
    StepKind.MEETING: "支部大会决议",
    StepKind.CONFIRM: "支部大会决议",
    StepKind.EXTEND: "支部大会决议和延长的原因",
    StepKind.CANCEL: "支部大会决议和取消的原因",
}
_HELP: dict[str, str] = {
    StepKind.PUBLICITY: "含首尾两天，不少于5个工作日（法定节假日请另行扣除）",
    StepKind.MEETING: "预备期从这一天算起",
}


def _count(label: str, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=9999, **kwargs)


class DevelopmentStepForm(VersionedFormMixin, ScopedForm):
    """One step of an applicant or a probationary member, as the kind asks."""

    taken_on = date_field("日期")
    until = date_field("公示结束日期")
    filed_on = date_field("上级党委备案日期", required=False)
    first = forms.ModelChoiceField(label="第一名", queryset=Member.objects.none())
    second = forms.ModelChoiceField(label="第二名", queryset=Member.objects.none())
    eligible = _count("应到会有表决权的人数", help_text="预备党员没有表决权，不计入")
    present = _count("实到会有表决权的人数")
    in_favour = _count("赞成票", help_text="因故未到会、会前正式提出书面意见的计入票数")
    against = _count("反对票", initial=0)
    abstained = _count("弃权票", initial=0)
    hours = _count("学时")
    months = forms.TypedChoiceField(
        label="延长几个月",
        choices=[(n, f"{n}个月") for n in range(6, 13)],
        coerce=int,
        help_text="不少于半年，最长一年，只能延长一次",
    )
    outcome = forms.ChoiceField(label="结果", choices=[("", ""), *Outcome.choices])
    document = forms.CharField(label="文号", max_length=60, required=False)
    note = forms.CharField(
        label="说明",
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        person: Applicant | Member,
        branch: Organization,
        **kwargs: Any,
    ) -> None:
        self.kind, self.instance = kind, person
        kwargs.setdefault("initial", {"taken_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        wanted = {"taken_on", "note", "version", *_FIELDS_OF.get(kind, ())}
        for name in set(self.fields) - wanted:
            del self.fields[name]
        day = self.fields["taken_on"]
        day.label = _DAYS.get(kind, "支部大会日期" if kind in MEETINGS else "日期")
        day.help_text = _HELP.get(kind, "") if kind == StepKind.MEETING else ""
        self.fields["note"].label = _NOTES.get(kind, "说明")
        self._word(kind)
        if "first" in self.fields:
            people = full_members(branch, self.user)
            self.fields["first"].queryset = self.fields["second"].queryset = people

    def _word(self, kind: str) -> None:
        if kind == StepKind.PUBLICITY:
            self.fields["until"].help_text = _HELP[kind]
        if kind == StepKind.CANDIDATE:
            filed = self.fields["filed_on"]
            filed.required, filed.label = True, "上级党委同意日期"
        if kind == StepKind.CONTACTS:
            second = self.fields["second"]
            second.required, second.help_text = False, "可以只指定一名"

    def deed(self) -> Deed:
        data = dict(self.cleaned_data)
        data.pop("version", None)
        votes = {name: data.pop(name) for name in _VOTES if name in data}
        return Deed(kind=self.kind, **data, votes=Votes(**votes) if votes else None)


class _ApplicantForm(ScopedModelForm):
    """What registering and mending share."""

    id_number = forms.CharField(
        label="公民身份号码",
        max_length=30,
        help_text="18位；性别和出生日期由号码得出",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label="手机号码",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    class Meta:
        model = Applicant
        fields = [
            *("id_number", "name", "ethnicity", "category"),
            *("education", "job_title", "phone"),
        ]

    def clean_name(self) -> str:
        return normalize_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        number = self.cleaned_data["id_number"]
        return IdNumber.parse(number, today=timezone.localdate()).digits

    def clean_phone(self) -> str:
        return normalize_phone(self.cleaned_data["phone"])

    def _post_clean(self) -> None:
        """Leave checking the whole to the service: it alone knows the derived."""

    def values(self) -> dict[str, Any]:
        """What the services take of the person."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class ApplicantAddForm(_ApplicantForm):
    organization = forms.ModelChoiceField(
        label="培养的党支部",
        queryset=Organization.objects.branches().open().order_by("path"),
        widget=forms.Select(attrs={"data-picker": True}),
    )
    applied_on = date_field("递交入党申请书的日期")

    field_order = ["organization", "applied_on"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        field = self.fields["organization"]
        field.queryset &= Organization.objects.with_right(user, "edit_members")
        if field.queryset.count() == 1:
            self.initial.setdefault("organization", field.queryset.get().pk)


class ApplicantEditForm(VersionedFormMixin, _ApplicantForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Replaced, never shown: an empty field keeps the stored one.
        number, phone = self.fields["id_number"], self.fields["phone"]
        number.required, number.label = False, "更正公民身份号码"
        number.help_text = "只在登记有误时填写，留空即不变"
        if self.instance.phone:
            phone.help_text = f"现为 {self.instance.masked_phone}；留空即不变"
        self.initial |= {"id_number": "", "phone": ""}

    def clean_id_number(self) -> str:
        return super().clean_id_number() if self.cleaned_data["id_number"] else ""

    def values(self) -> dict[str, Any]:
        kept = {"id_number", "phone"}
        return {k: v for k, v in super().values().items() if v or k not in kept}

    def stale_display(self, name: str, value: Any) -> str:
        if name in {"id_number", "phone"}:
            return "（不显示）" if value else "—"
        return super().stale_display(name, value)


class _OfApplicantForm(VersionedFormMixin, forms.Form):
    def __init__(self, *args: Any, instance: Applicant, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class ApplicantCloseForm(_OfApplicantForm):
    reason = forms.ChoiceField(label="终止原因", choices=CloseReason.choices)
    closed_on = date_field("终止日期", initial=timezone.localdate)
    note = forms.CharField(
        label="说明", max_length=200, help_text="写明情况，以便日后查考"
    )


class ApplicantMoveForm(_OfApplicantForm):
    target = forms.CharField(
        label="接收党支部",
        max_length=120,
        help_text="本街道的党支部，写全称、简称或短代码",
    )
    moved_on = date_field("移交日期", initial=timezone.localdate)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def clean_target(self) -> int:
        return find_branch(self.cleaned_data["target"], self.instance.organization)


class WithdrawForm(forms.Form):
    note = forms.CharField(label="撤回的原因", max_length=200)


class DevelopmentSearchForm(forms.Form):
    """GET form of the board."""

    q = forms.CharField(
        label="姓名、拼音首字母",
        required=False,
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "placeholder": "姓名或拼音首字母",
                "autocomplete": "off",
                "type": "search",
            }
        ),
    )
