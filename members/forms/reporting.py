"""Forms about reporting to the community."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from config.lib.dates import PartialDate
from config.lib.forms import ScopedForm, ScopedModelForm
from config.lib.identity import IdNumber, normalize_phone
from config.lib.names import normalize_name
from config.lib.versions import VersionedFormMixin
from members.choices import EndReason
from members.choices.reporting import SlipSource
from members.forms.members import PartialDateField, date_field
from members.models import ReportSlip
from members.rules.reporting import REASON_LENGTH, TEXT_LENGTH
from members.services.reporting import SlipFacts
from organizations.models import Organization

# Fields of a form by the codes of what a service refused.
SLIP_FIELD_OF_CODE = {
    "known_here": "id_number",
    "waiting_here": "id_number",
    "reported_on": "reported_on",
    "joined_on": "joined_on",
    "unit_name": "unit_name",
    "organization": "organization",
}
_KEPT = ("id_number", "phone", "address")


def places_for_slips() -> Any:
    """Organizations that answer slips: branches, and the communities' own."""
    return (
        Organization.objects.open()
        .filter(Q(kind="branch") | Q(community__isnull=False))
        .order_by("path")
    )


class _SlipForm(ScopedModelForm):
    """What stands on a slip."""

    id_number = forms.CharField(
        label="公民身份号码",
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    joined_on = PartialDateField(
        label="入党日期",
        required=False,
        help_text="本街道还没有档案的人须填，如1991-05-12或1991-05",
    )
    phone = forms.CharField(
        label="手机号码",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    address = forms.CharField(label="现居住地", max_length=200, required=False)
    skills = forms.CharField(
        label="特长",
        max_length=TEXT_LENGTH,
        required=False,
        help_text="几项特长之间用顿号分开，如：法律、医疗、修理",
    )
    wishes = forms.CharField(
        label="服务意向",
        max_length=TEXT_LENGTH,
        required=False,
        help_text="愿意在社区做什么，什么时候有空",
    )

    class Meta:
        model = ReportSlip
        fields = [
            *("name", "id_number", "source", "reported_on", "work_unit", "unit_name"),
            *("job_title", "member_type", "joined_on", "ethnicity", "phone"),
            *("address", "skills", "wishes"),
        ]
        widgets = {
            "work_unit": forms.Select(attrs={"data-picker": True}),
            "reported_on": forms.DateInput,
        }
        help_texts = {
            "unit_name": "上面选不到的，在这里写单位全称",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [
            ("", "请选择"),
            *((s.value, s.label) for s in (SlipSource.SELF, SlipSource.UNIT)),
        ]

    def clean_name(self) -> str:
        return normalize_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str:
        typed = self.cleaned_data["id_number"]
        return IdNumber.parse(typed, today=timezone.localdate()).digits

    def clean_phone(self) -> str:
        return normalize_phone(self.cleaned_data["phone"])

    def _post_clean(self) -> None:
        """Leave checking the whole to the service: it alone knows the derived."""

    def facts(self) -> SlipFacts:
        """What the service takes."""
        data = {name: self.cleaned_data[name] for name in self.Meta.fields}
        partial: PartialDate | None = data.pop("joined_on")
        return SlipFacts(
            joined_on=partial.date if partial else None,
            joined_precision=partial.precision if partial else "day",
            **data,
        )


class SlipForm(_SlipForm):
    """A new slip, and who shall answer it."""

    organization = forms.ModelChoiceField(
        label="受理党组织",
        queryset=Organization.objects.none(),
        widget=forms.Select(attrs={"data-picker": True}),
        help_text="居住社区的党组织，或者直接选社区党支部",
    )
    request_id = forms.UUIDField(required=False, widget=forms.HiddenInput)

    field_order = ["organization"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        narrow_places(self.fields["organization"], user, self.initial)


class SlipAmendForm(VersionedFormMixin, _SlipForm):
    """A slip that nobody has answered; what is secret is replaced, never shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in _KEPT:
            field = self.fields[name]
            masked = getattr(self.instance, f"masked_{name}", "")
            self.initial[name], field.required = "", False
            field.help_text = f"现为 {masked}；留空即不变" if masked else ""
        if self.instance.source == SlipSource.SHEET:
            sheet = SlipSource.SHEET
            self.fields["source"].choices.append((sheet.value, sheet.label))
        if joined_on := self.instance.joined_on:
            shown = PartialDate(joined_on, self.instance.joined_precision)
            self.initial["joined_on"] = str(shown)

    def clean_id_number(self) -> str:
        return super().clean_id_number() if self.cleaned_data["id_number"] else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in _KEPT:
            if name in cleaned and not cleaned[name]:
                cleaned[name] = getattr(self.instance, name)
        return cleaned

    def stale_display(self, name: str, value: Any) -> str:
        if name in _KEPT:
            return "（不显示）" if value else "—"
        return super().stale_display(name, value)


class SlipAcceptForm(ScopedForm):
    """Into which branch of the community, and from when."""

    branch = forms.ModelChoiceField(
        label="编入党支部",
        queryset=Organization.objects.none(),
        widget=forms.Select(attrs={"data-picker": True}),
    )
    starts_on = date_field("协管开始日期")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, user: Any, organization: Organization, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        branches = Organization.objects.branches().subtree(organization).open()
        editable = Organization.objects.with_right(user, "edit_members")
        self.fields["branch"].queryset = (branches & editable).order_by("path")


class SlipFilterForm(forms.Form):
    """GET form of the list."""

    group = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(
        label="姓名",
        required=False,
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "placeholder": "报到人姓名",
                "autocomplete": "off",
                "type": "search",
            }
        ),
    )
    source = forms.ChoiceField(
        label="报到方式",
        required=False,
        choices=[("", "全部"), *SlipSource.choices],
    )


class SlipSheetForm(ScopedForm):
    """The workbook of a unit; what it holds is judged by the preview."""

    organization = forms.ModelChoiceField(
        label="受理党组织",
        queryset=Organization.objects.none(),
        widget=forms.Select(attrs={"data-picker": True}),
        help_text="表中没有写“报到社区”的人报到这里",
    )
    file = forms.FileField(
        label="报到名单",
        help_text="支持 .xlsx、.xls、.csv；须有“姓名”“公民身份号码”“工作单位”三栏",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        narrow_places(self.fields["organization"], user, self.initial)


class KeepReportForm(forms.Form):
    """What becomes of the other reports of somebody who reported twice."""

    end_reason = forms.ChoiceField(
        label="另一处协管的结束原因",
        choices=[
            (reason.value, reason.label)
            for reason in (EndReason.MISTAKE, EndReason.LEFT_UNIT)
        ],
    )
    words = forms.CharField(
        label="说明",
        max_length=REASON_LENGTH,
        help_text="怎样核实的，便于转告另一个社区和本人",
    )


def narrow_places(field: Any, user: Any, initial: dict[str, Any]) -> None:
    """Offer where `user` may take slips; the only one is chosen already."""
    editable = Organization.objects.with_right(user, "edit_members")
    field.queryset = places_for_slips() & editable
    found = list(field.queryset[:2])
    if len(found) == 1:
        initial.setdefault("organization", found[0].pk)
