"""Forms of instructors: selection, units, visits and calls, the yearly appraisal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import (
    ANY_CHOICE,
    NO_CHOICE,
    GroupedForm,
    ScopedForm,
    TickedField,
    request_id_field,
    words_field,
)
from config.lib.identity import normalize_phone
from config.lib.names import normalize_name
from members.choices import MembershipStatus, MemberType
from members.choices.instructors import (
    InstructorGrade,
    InstructorGroup,
    InstructorSource,
    RecordKind,
)
from members.forms.members import date_field
from members.models import Instructor, InstructorPosting, Member
from members.services.instructor_records import RecordFacts
from members.services.instructors import InstructorFacts
from organizations.access import Right
from organizations.coverage_reads import kept_units
from organizations.models import Organization, WorkUnit

KNOWN, OUTSIDE = "known", "outside"


def _place_field(label: str, **options: Any) -> PlainModelChoiceField:
    return PlainModelChoiceField(
        label=label,
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        widget=PlainSelect(attrs={"data-picker": "", "aria-label": label}),
        **options,
    )


class _AboutForm(ScopedForm):
    """What is known of an instructor, apart from who it is."""

    source = forms.ChoiceField(
        label="来源", choices=[("", NO_CHOICE), *InstructorSource.choices]
    )
    work = forms.CharField(
        label="原单位和职务",
        max_length=100,
        required=False,
        help_text="如：区民政局四级调研员",
    )
    phone = forms.CharField(
        label="联系电话",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    words = words_field("党务工作经历", 3, 500, required=False)
    starts_on = date_field("选派日期", initial=timezone.localdate)
    ends_on = date_field(
        "任期截止", required=False, help_text="留空即按一任的年数（参数）计算"
    )

    def clean_phone(self) -> str:
        return normalize_phone(self.cleaned_data["phone"])

    def facts(self, **who: Any) -> InstructorFacts:
        data = self.cleaned_data
        names = ("source", "work", "words", "starts_on", "ends_on")
        return InstructorFacts(
            phone=data["phone"] or None, **{n: data[n] for n in names}, **who
        )


class InstructorForm(_AboutForm):
    """Somebody selected: a member known to the portal, or from outside in words."""

    organization = _place_field("选派的党组织")
    known = forms.ChoiceField(
        label="是谁",
        choices=[(KNOWN, "党员库里的党员"), (OUTSIDE, "别处的党员")],
        help_text="指导员应当是正式党员",
    )
    name = forms.CharField(label="姓名", max_length=50)
    last4 = forms.CharField(
        label="身份证后四位",
        min_length=4,
        max_length=4,
        required=False,
        help_text="党员库里有同名的才填",
    )
    request_id = request_id_field()
    field_order = ["organization", "known", "name", "last4"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        places = Organization.objects.with_right(user, Right.KEEP_COVERAGE).open()
        self.fields["organization"].queryset = places.order_by("path")
        self.member_id: int | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("known") == KNOWN and data.get("name"):
            self.member_id = self._found(data["name"], data.get("last4", ""))
        return data

    def _found(self, name: str, last4: str) -> int | None:
        """The full member meant, among those the user sees."""
        rows = Member.objects.visible_to(self.user).filter(
            name=normalize_name(name),
            member_type=MemberType.FULL,
            status=MembershipStatus.NORMAL,
        )
        if last4:
            rows = rows.filter(id_last4=last4.upper())
        found = list(rows.order_by("pk").values_list("pk", flat=True)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            words = f"有几位正式党员叫“{name}”，请填写身份证后四位。"
            self.add_error("last4", words)
        else:
            words = (
                f"您管理的范围里没有叫“{name}”的正式党员，请核对姓名；"
                "不在党员库里的，请选“别处的党员”。"
            )
            self.add_error("name", words)
        return None

    def chosen(self) -> InstructorFacts:
        return self.facts(name=self.cleaned_data["name"], member_id=self.member_id)


class InstructorAmendForm(_AboutForm):
    """The phone is replaced, never shown; the name of a known member stays."""

    name = forms.CharField(label="姓名", max_length=50)
    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ["name"]

    def __init__(self, *args: Any, instance: Instructor, **kwargs: Any) -> None:
        names = ("name", "source", "work", "words", "starts_on", "ends_on", "version")
        initial = {name: getattr(instance, name) for name in names}
        super().__init__(*args, initial=initial, **kwargs)
        if instance.member_id is not None:
            del self.fields["name"]
        if instance.phone:
            self.fields["phone"].help_text = f"现为 {instance.masked_phone}；留空即不变"

    def amended(self) -> InstructorFacts:
        return self.facts(name=self.cleaned_data.get("name", ""))


class EndForm(forms.Form):
    on_date = date_field("离任日期", initial=timezone.localdate)
    reason = words_field("离任的原因", 2, 200)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PostingEndForm(forms.Form):
    on_date = date_field("结束日期", initial=timezone.localdate)


class AssignForm(ScopedForm):
    """A unit of the register that has no instructor."""

    unit = PlainModelChoiceField(
        label="联系的单位",
        queryset=WorkUnit.objects.order_by("name"),
        label_column="name",
        widget=PlainSelect(attrs={"data-picker": "", "aria-label": "联系的单位"}),
        help_text="只列还没有指导员的两新单位",
    )
    starts_on = date_field("联系起", initial=timezone.localdate)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        taken = InstructorPosting.objects.visible_to(user).open().values("unit")
        free = kept_units(user).exclude(pk__in=taken)
        self.fields["unit"].queryset = free.order_by("name", "pk")


class RecordForm(forms.Form):
    """A visit or call to the ticked units, or a report."""

    kind = forms.ChoiceField(label="种类", choices=RecordKind.choices)
    held_on = date_field("日期", initial=timezone.localdate)
    postings = TickedField(
        label="单位",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="走访、电话联系的勾选单位；工作汇报不用勾",
    )
    words = words_field("情况", 4, 1000, required=False, help_text="工作汇报必填")
    request_id = request_id_field()

    def __init__(
        self, *args: Any, postings: list[InstructorPosting], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["postings"].choices = [
            (posting.pk, _named(posting)) for posting in postings
        ]

    def facts(self) -> RecordFacts:
        data = self.cleaned_data
        return RecordFacts(
            data["kind"], data["held_on"], data["postings"], data["words"]
        )


def _named(posting: InstructorPosting) -> str:
    name = posting.unit.name
    return f"{name}（联系到{posting.ends_on}）" if posting.ends_on else name


class RecordReasonForm(forms.Form):
    reason = forms.CharField(label="撤回的原因", max_length=200)


class AppraiseForm(forms.Form):
    year = forms.TypedChoiceField(label="年度", coerce=int)
    grade = forms.ChoiceField(
        label="等次", choices=[("", NO_CHOICE), *InstructorGrade.choices]
    )
    decided_on = date_field("评定日期", initial=timezone.localdate)
    words = words_field(
        "评定意见", 3, 500, required=False, help_text="不称职的写明理由和整改或召回意见"
    )

    def __init__(self, *args: Any, instructor: Instructor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = (instructor.ended_on or timezone.localdate()).year
        years = range(last, instructor.starts_on.year - 1, -1)
        self.fields["year"].choices = [(year, f"{year}年") for year in years]


class InstructorFilterForm(GroupedForm):
    groups = InstructorGroup
    organization = _place_field("选派的党组织（含下级）", required=False)
    source = forms.ChoiceField(
        label="来源",
        required=False,
        choices=[("", ANY_CHOICE), *InstructorSource.choices],
        widget=PlainSelect,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        places = Organization.objects.with_right(user, Right.KEEP_COVERAGE)
        self.fields["organization"].queryset = places.order_by("path")
