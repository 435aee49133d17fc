"""Forms about a person and the relation to a branch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from config.lib.dates import PartialDate, parse_date
from config.lib.errors import RuleError
from config.lib.forms import ScopedForm, ScopedModelForm
from config.lib.identity import IdNumber, normalize_phone
from config.lib.names import normalize_name
from config.lib.versions import VersionedFormMixin
from members import rules
from members.choices import AffiliationKind, StartReason
from members.models import Affiliation, Member, Talent
from organizations.models import Community, Organization

# Codes of RuleErrors that belong to one field of a form.
FIELD_OF_CODE = {
    "known_here": "id_number",
    "id_taken": "id_number",
    "birth_mismatch": "id_number",
    "sex_mismatch": "id_number",
    "joined_future": "joined_on",
    "joined_before_birth": "joined_on",
    "confirmed_future": "confirmed_on",
    "confirmed_before_joined": "confirmed_on",
    "probationary_confirmed": "confirmed_on",
    "start_reason": "start_reason",
    "starts_future": "starts_on",
    "end_reason": "end_reason",
    "ends_future": "ends_on",
    "ends_before_start": "ends_on",
    "closed": "organization",
    "not_branch": "organization",
    "same_branch": "organization",
    "type_by_hand": "member_type",
    "joined_by_hand": "joined_on",
    "taken_on": "applied_on",
}


def add_service_error(
    form: ScopedForm | ScopedModelForm, error: ValidationError
) -> None:
    """Show what a service refused beside the field it is about."""
    if hasattr(error, "error_dict"):
        for name, errors in error.error_dict.items():
            form.add_error(name if name in form.fields else None, errors)
        return
    code = getattr(error, "code", None) or ""
    if code == "needs_street":
        # Nothing on the page is wrong: it went to the street, and must not be retried.
        form.error_title = "没有直接登记，已转交街道核对"
    field = code if code in form.fields else FIELD_OF_CODE.get(code, code)
    form.add_error(field if field in form.fields else None, error)


class PartialDateField(forms.CharField):
    """A date as offices write it; cleans to a PartialDate or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "如1991-05-12；只知道年月的，填1991-05")
        kwargs.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> PartialDate | None:
        text = super().clean(value)
        return parse_date(text, today=timezone.localdate()) if text else None


def date_field(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput, **kwargs)


class _PersonForm(ScopedModelForm):
    """Fields that adding and editing share."""

    id_number = forms.CharField(
        label="公民身份号码",
        max_length=30,
        help_text="18位；性别和出生日期由号码得出",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    joined_on = PartialDateField(label="入党日期")
    confirmed_on = PartialDateField(label="转正日期", required=False)
    phone = forms.CharField(
        label="手机号码",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(label="现居住地", max_length=200, required=False)
    household_address = forms.CharField(
        label="户籍所在地", max_length=200, required=False
    )
    talents = forms.ModelMultipleChoiceField(
        label="特长",
        queryset=Talent.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_name(self) -> str:
        return normalize_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        number = IdNumber.parse(
            self.cleaned_data["id_number"], today=timezone.localdate()
        )
        return number.digits

    def clean_phone(self) -> str:
        return normalize_phone(self.cleaned_data["phone"])

    def _post_clean(self) -> None:
        """Leave checking the whole to the service: it alone knows the derived."""

    def values(self) -> dict[str, Any]:
        """Return what the service takes, dates with their precision."""
        values = {
            name: self.cleaned_data[name]
            for name in self.fields
            if name not in {"version", "organization", *_START_FIELDS}
        }
        for name in ("joined_on", "confirmed_on"):
            if name in values:
                partial = values[name]
                values[name] = partial.date if partial else None
                values[name.replace("_on", "_precision")] = (
                    partial.precision if partial else "day"
                )
        return values


_START_FIELDS = ("kind", "starts_on", "start_reason")

_ABOUT = ["name", "id_number", "ethnicity"]
_MEMBERSHIP = ["category", "member_type", "joined_on", "confirmed_on"]
_WORK = ["education", "degree", "job_post", "job_title", "home_unit"]
_HOME = ["community", "phone", "address", "household_address", "native_place"]


class MemberAddForm(_PersonForm):
    organization = forms.ModelChoiceField(
        label="编入党支部",
        queryset=Organization.objects.branches().open().order_by("path"),
        widget=forms.Select(attrs={"data-picker": True}),
    )
    kind = forms.ChoiceField(label="隶属方式", choices=AffiliationKind.choices)
    start_reason = forms.ChoiceField(label="来源", choices=StartReason.choices)
    starts_on = date_field("开始日期")

    field_order = ["id_number", "name"]

    class Meta:
        model = Member
        fields = [*_ABOUT, *_MEMBERSHIP, *_WORK, *_HOME, "is_mobile", "talents", "note"]
        widgets = {
            "home_unit": forms.Select(attrs={"data-picker": True}),
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        branches = self.fields["organization"].queryset
        editable = Organization.objects.with_right(user, "edit_members")
        self.fields["organization"].queryset = branches & editable
        if self.fields["organization"].queryset.count() == 1:
            only = self.fields["organization"].queryset.first()
            self.initial.setdefault("organization", only.pk)


class MemberEditForm(VersionedFormMixin, _PersonForm):
    """Fields of a known person; formal ones are closed to a co-managing branch."""

    class Meta:
        model = Member
        fields = [
            *_ABOUT,
            *_MEMBERSHIP,
            *_WORK,
            *_HOME,
            "is_mobile",
            "talents",
            "note",
        ]
        widgets = MemberAddForm.Meta.widgets

    def __init__(self, *args: Any, may_edit_formal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The number is replaced, never shown: an empty field keeps the stored one.
        number = self.fields["id_number"]
        number.required, number.label = False, "更正公民身份号码"
        number.help_text = "只在登记有误时填写，留空即不变"
        self.initial["id_number"] = ""
        for name in ("joined_on", "confirmed_on"):
            self.initial[name] = self._shown_date(name)
        # Else saving another field would empty a place that lies in another street.
        home = self.fields["community"]
        home.queryset |= Community.objects.filter(pk=self.instance.community_id)
        order = list(self.fields)
        for name in ("phone", "address", "household_address"):
            self._keep_secret(name)
            order.insert(order.index(name) + 1, f"clear_{name}")
        self.order_fields(order)
        if self.instance.member_type == Member.Type.PROBATIONARY:
            self.fields["member_type"].help_text = "转正、延长在“党籍”页办理"
        if not may_edit_formal:
            for name in rules.FORMAL_FIELDS & set(self.fields):
                del self.fields[name]

    def clean_id_number(self) -> str:
        return super().clean_id_number() if self.cleaned_data["id_number"] else ""

    def values(self) -> dict[str, Any]:
        values = super().values()
        for name in ("id_number", "phone", "address", "household_address"):
            if name in values and not values[name]:
                del values[name]
        for name in ("phone", "address", "household_address"):
            if self.cleaned_data.get(f"clear_{name}"):
                values[name] = ""
            values.pop(f"clear_{name}", None)
        return values

    def stale_display(self, name: str, value: Any) -> str:
        if name in {"id_number", "phone", "address", "household_address"}:
            return "（不显示）" if value else "—"
        return super().stale_display(name, value)

    def _shown_date(self, name: str) -> str:
        value = getattr(self.instance, name)
        if value is None:
            return ""
        precision = getattr(self.instance, name.replace("_on", "_precision"))
        return str(PartialDate(value, precision))

    def _keep_secret(self, name: str) -> None:
        """Offer to replace or clear an encrypted value without showing it."""
        field = self.fields[name]
        masked = getattr(self.instance, f"masked_{name}", "")
        self.initial[name] = ""
        if masked or getattr(self.instance, name):
            shown = f"现为 {masked}" if masked else "已填写"
            field.help_text = f"{shown}；留空即不变"
            clear = forms.BooleanField(label=f"清空{field.label}", required=False)
            self.fields[f"clear_{name}"] = clear


class AffiliationStartForm(ScopedForm):
    organization = forms.ModelChoiceField(
        label="党支部",
        queryset=Organization.objects.branches().open().order_by("path"),
        widget=forms.Select(attrs={"data-picker": True}),
    )
    kind = forms.ChoiceField(label="隶属方式", choices=AffiliationKind.choices)
    start_reason = forms.ChoiceField(label="来源", choices=StartReason.choices)
    starts_on = date_field("开始日期")
    note = forms.CharField(label="说明", max_length=200, required=False)


class AffiliationEndForm(ScopedForm):
    """How a relation of one kind ends, or moves to another branch."""

    end_reason = forms.ChoiceField(
        label="去向", help_text="去世、出党在“党籍”页办理，转出街道办理组织关系转接"
    )
    ends_on = date_field("结束日期", help_text="从这一天起不再计入本支部")
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, *args: Any, affiliation: Affiliation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = rules.HAND_END_REASONS[affiliation.kind]
        self.fields["end_reason"].choices = [("", "请选择")] + [
            (reason.value, reason.label) for reason in reasons
        ]


class AffiliationMoveForm(ScopedForm):
    organization = forms.ModelChoiceField(
        label="调入党支部",
        queryset=Organization.objects.branches().open().order_by("path"),
        widget=forms.Select(attrs={"data-picker": True}),
    )
    moved_on = date_field("调整日期", help_text="从这一天起计入调入的党支部")
    note = forms.CharField(label="说明", max_length=200, required=False)


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="查看原因",
        min_length=2,
        max_length=100,
        help_text="写明用途，如“通知本人参加支部大会”；查看会留下记录",
    )


class FindForm(forms.Form):
    """Find a person by the whole ID number; by POST, so that no address holds it."""

    id_number = forms.CharField(
        label="公民身份号码",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_id_number(self) -> str:
        try:
            return IdNumber.parse(self.cleaned_data["id_number"]).digits
        except RuleError as error:
            raise forms.ValidationError(error.text, code=error.code) from None


class ClaimAcceptForm(forms.Form):
    starts_on = date_field("开始日期")
    words = forms.CharField(label="处理意见", max_length=200, required=False)


class ClaimRefuseForm(forms.Form):
    words = forms.CharField(
        label="处理意见", max_length=200, help_text="写明原因和下一步，便于转告申请支部"
    )
