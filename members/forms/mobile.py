"""Forms about members who live or work away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import KeptModelChoiceField, PlainSelect
from config.lib.errors import RuleError
from config.lib.forms import ANY_CHOICE, NO_CHOICE, ScopedForm
from config.lib.identity import IdNumber, normalize_phone
from config.lib.names import normalize_name
from config.lib.versions import VersionedFormMixin
from members.choices import EDUCATION, ETHNIC_GROUPS, MemberType
from members.choices.mobile import (
    IdentityProof,
    MobileDirection,
    MobileEnd,
    MobileReason,
    MobileWork,
)
from members.divisions import places, provinces
from members.forms.members import PartialDateField, date_field
from members.forms.transfers import named_organization
from members.models import MobileStay
from members.rules import mobile as rules
from members.services.mobile import Course, Person, hosts_within
from organizations.access import Right
from organizations.choices import OrganizationKind
from organizations.models import Organization

# Codes of RuleErrors that are about the field of that name.
FIELD_CODES = frozenset(
    {
        *("started_on", "expected_end_on", "division", "card_number", "proof", "host"),
        *("card_issued_on", "verified_on", "placed_on", "ended_on", "end_reason"),
        "organization",
    }
)


def add_mobile_error(form: Any, error: forms.ValidationError) -> None:
    """Show what a service refused beside the field it is about."""
    code = getattr(error, "code", None) or ""
    is_of_field = code in FIELD_CODES and code in form.fields
    form.add_error(code if is_of_field else None, error)


class PhoneField(forms.CharField):
    """A telephone number; cleans to its digits."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(max_length=30, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        return normalize_phone(super().clean(value))


def _choices(pairs: Any, first: str = NO_CHOICE) -> list[tuple[str, str]]:
    return [("", first), *pairs]


class CourseForm(ScopedForm):
    """What is written down of every stay."""

    division = forms.ChoiceField(
        label="流动地点（行政区划）",
        choices=lambda: _choices(places().items()),
        widget=PlainSelect(attrs={"data-picker": True}),
        help_text="到市一级；打字可查",
    )
    place = forms.CharField(
        label="详细地点",
        max_length=120,
        required=False,
        help_text="县（市、区）、单位或住处，知道多少写多少",
    )
    reason = forms.ChoiceField(label="流动原因", choices=_choices(MobileReason.choices))
    work = forms.ChoiceField(
        label="外出流向", choices=_choices(MobileWork.choices), required=False
    )
    started_on = date_field("流动开始日期")
    expected_end_on = date_field("预计结束日期", required=False)
    home_name = forms.CharField(
        label="组织关系所在党组织", max_length=120, help_text="写全称，精确到党支部"
    )
    home_contact = forms.CharField(label="原支部联系人", max_length=30, required=False)
    home_phone = PhoneField(label="原支部联系电话")
    host_name = forms.CharField(
        label="流入地党组织",
        max_length=120,
        required=False,
        help_text="还不清楚的可以不写",
    )
    host_contact = forms.CharField(
        label="接收支部联系人", max_length=30, required=False
    )
    host_phone = PhoneField(label="接收支部联系电话")
    card_number = forms.CharField(
        label="流动党员活动证编号",
        max_length=30,
        required=False,
        help_text="没有证的不写",
    )
    card_issued_on = date_field("活动证发证日期", required=False)

    def course(self) -> Course:
        """What of a valid form both sides keep."""
        data = self.cleaned_data
        names = Course.__dataclass_fields__
        return Course(**{name: data[name] for name in names if name in data})


class OutForm(CourseForm):
    """A member of the roll is away, in this street or out of it."""

    host = forms.CharField(
        label="在本街道内流动的，流入的党组织",
        max_length=120,
        required=False,
        help_text="本街道的社区党委或党支部，写全称、简称或短代码；流到街道外的不写",
    )

    def __init__(self, *args: Any, branch: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.branch = branch
        del self.fields["home_name"]
        self.fields["division"].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if text := data.get("host", "").strip():
            hosts = Organization.objects.open().exclude(kind=OrganizationKind.GROUP)
            try:
                data["host_id"] = named_organization(text, hosts, self.branch, "党组织")
            except RuleError as error:
                self.add_error("host", error)
        elif not data.get("division") and "division" not in self.errors:
            self.add_error("division", "请选择流动地点；不知道的选“不掌握流向”。")
        return data


class InForm(CourseForm):
    """Somebody came to live here whose relation lies elsewhere."""

    organization = forms.ModelChoiceField(
        label="登记的党组织",
        queryset=Organization.objects.none(),
        widget=forms.Select(attrs={"data-picker": True}),
        help_text="社区党委先登记，核实以后再编入支部",
    )
    id_number = forms.CharField(
        label="公民身份号码",
        max_length=30,
        help_text="18位；编入支部时用它建档",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label="姓名", max_length=60)
    ethnicity = forms.ChoiceField(
        label="民族", choices=list(ETHNIC_GROUPS.items()), initial="Han"
    )
    education = forms.ChoiceField(
        label="学历", choices=_choices(EDUCATION.items()), required=False
    )
    member_type = forms.ChoiceField(label="人员类别", choices=MemberType.choices)
    joined_on = PartialDateField(label="入党日期")
    phone = PhoneField(label="本人手机号码")

    field_order = [
        *("organization", "id_number", "name", "ethnicity", "education"),
        *("member_type", "joined_on", "phone", "division", "home_name"),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = hosts_within(self.user)
        self.fields["division"].label = "流入前所在地（行政区划）"
        self.fields["place"].label = "现在的住处或单位"
        del self.fields["host_name"]

    def clean_name(self) -> str:
        return normalize_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        number = self.cleaned_data["id_number"]
        return IdNumber.parse(number, today=timezone.localdate()).digits

    def person(self) -> Person:
        """Who it is, of a valid form."""
        data = self.cleaned_data
        names = {*Person.__dataclass_fields__} & {*data}
        values = {name: data[name] for name in names}
        joined = data["joined_on"]
        return Person(
            **values | {"joined_on": joined.date, "joined_precision": joined.precision}
        )


class StayAmendForm(VersionedFormMixin, CourseForm):
    """What can be mended of a stay: never who it is, nor which sides are ours."""

    def __init__(self, *args: Any, instance: MobileStay, **kwargs: Any) -> None:
        self.instance = instance
        names = Course.__dataclass_fields__
        initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        is_within = instance.direction == MobileDirection.WITHIN
        for name, is_ours in (
            ("home_name", instance.home_id),
            ("host_name", instance.host_id),
            ("division", is_within),
        ):
            if is_ours:
                del self.fields[name]


class StepForm(VersionedFormMixin, ScopedForm):
    """A step of one stay, seen as it was when the page was opened."""

    def __init__(self, *args: Any, instance: MobileStay, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class VerifyForm(StepForm):
    proof = forms.ChoiceField(label="核实依据", choices=_choices(IdentityProof.choices))
    verified_on = date_field("核实日期", initial=timezone.localdate)
    words = forms.CharField(
        label="核实说明",
        max_length=rules.NOTE_LENGTH,
        required=False,
        help_text="如证件编号、与原党组织何人核对",
    )


class PlaceForm(StepForm):
    organization = forms.ModelChoiceField(
        label="编入党支部",
        queryset=Organization.objects.none(),
        widget=forms.Select(attrs={"data-picker": True}),
    )
    group_name = forms.CharField(label="党小组", max_length=60, required=False)
    placed_on = date_field("编入日期", initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        branches = Organization.objects.with_right(self.user, Right.EDIT_MEMBERS)
        branches = branches.branches().open().order_by("path")
        self.fields["organization"].queryset = branches
        host = self.instance.host
        if host is not None and host.kind == OrganizationKind.BRANCH:
            self.initial.setdefault("organization", host.pk)


class EndForm(StepForm):
    end_reason = forms.ChoiceField(
        label="结束原因",
        choices=_choices([(r.value, MobileEnd(r).label) for r in rules.SPOKEN_ENDS]),
    )
    ended_on = date_field(
        "结束日期", initial=timezone.localdate, help_text="从这一天起不再算流动"
    )
    words = forms.CharField(label="说明", max_length=rules.NOTE_LENGTH, required=False)


class BoardForm(ScopedForm):
    """GET form of the board."""

    empty_choice = ANY_CHOICE

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
    organization = KeptModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )
    province = forms.ChoiceField(
        label="省份",
        choices=lambda: _choices(provinces().items(), ANY_CHOICE),
        required=False,
        widget=PlainSelect,
    )
    side = forms.CharField(required=False, widget=forms.HiddenInput)
    show = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_q(self) -> str:
        return self.cleaned_data["q"].strip()
