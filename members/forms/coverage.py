"""Forms of the coverage of two-new units: census, form of coverage, visits."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.db import models
from django.utils import timezone

from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, NO_CHOICE, GroupedForm, ScopedForm, TickedField
from config.lib.identity import normalize_phone
from members.coverage import Proposal, organizations_near
from members.forms.members import date_field
from members.models import Instructor
from organizations.coverage_choices import CoverageForm, UnitState, VisitOutcome
from organizations.coverage_rules import Counts, Decision
from organizations.models import (
    CensusSheet,
    Community,
    Coverage,
    Organization,
    WorkUnit,
)
from organizations.services.census import SheetFacts, VisitFacts


class UnitGroup(models.TextChoices):
    """Tabs of the list."""

    UNBUILT = "unbuilt", "应建未建"
    UNCOVERED = "uncovered", "没有覆盖"
    UNDECIDED = "undecided", "待核定形式"
    OVERDUE = "overdue", "期限已过"
    UNSURVEYED = "unsurveyed", "待核查"
    VISIT = "visit", "待回访"
    OUT = "out", "空壳和迁出"


def _words(label: str, most: int, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


def _number(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=1_000_000, **options)


class SheetForm(forms.Form):
    """一企一表, filled in with the last one; the phone is replaced, never shown."""

    found_on = date_field("核查日期", initial=timezone.localdate)
    state = forms.ChoiceField(label="经营状态", choices=UnitState.choices)
    staff = _number("从业人员", required=False, help_text="没有核到的留空")
    full_members = _number(
        "正式党员", initial=0, help_text="在本单位工作的，含未转入的"
    )
    probationary = _number("预备党员", initial=0, help_text="不计入应建党支部的3名")
    not_moved_in = _number(
        "其中未转入组织关系的",
        initial=0,
        help_text="在本单位工作、组织关系在别处的党员",
    )
    owner_name = forms.CharField(
        label="出资人（负责人）", max_length=50, required=False
    )
    owner_is_member = forms.BooleanField(label="出资人是党员", required=False)
    owner_phone = forms.CharField(
        label="出资人电话",
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    words = _words("说明", 500, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, last: CensusSheet | None, **kwargs: Any) -> None:
        self.last = last
        names = ("state", "staff", "full_members", "probationary", "not_moved_in")
        names += ("owner_name", "owner_is_member", "words", "version")
        initial = {name: getattr(last, name) for name in names} if last else {}
        super().__init__(*args, initial={"version": 0} | initial, **kwargs)
        if last is not None and last.owner_phone:
            self.fields[
                "owner_phone"
            ].help_text = f"现为 {last.masked_phone}；留空即不变"

    def clean_owner_phone(self) -> str:
        return normalize_phone(self.cleaned_data["owner_phone"])

    def facts(self) -> SheetFacts:
        data = self.cleaned_data
        return SheetFacts(
            found_on=data["found_on"],
            state=data["state"],
            counts=Counts(
                staff=data["staff"],
                full_members=data["full_members"],
                probationary=data["probationary"],
                not_moved_in=data["not_moved_in"],
            ),
            owner_name=data["owner_name"],
            owner_is_member=data["owner_is_member"],
            owner_phone=data["owner_phone"] or None,
            words=data["words"],
        )


class DecisionForm(ScopedForm):
    """How a unit is covered; what is proposed stands chosen."""

    form = forms.ChoiceField(label="覆盖形式", choices=CoverageForm.choices)
    starts_on = date_field("核定日期", initial=timezone.localdate)
    organization = PlainModelChoiceField(
        label="覆盖的党组织",
        queryset=Organization.objects.order_by("path"),
        label_column="short_name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
        help_text="组建、挂靠的选这里，就近的排在前面；单位党组织不归本街道管的不用选",
    )
    instructor = PlainModelChoiceField(
        label="党建工作指导员",
        queryset=Instructor.objects.none(),
        label_column="name",
        required=False,
        widget=PlainSelect(attrs={"data-picker": ""}),
        help_text="选派指导员的选这里；名单在“党建工作指导员”里登记",
    )
    instructor_name = forms.CharField(
        label="指导员姓名",
        max_length=50,
        required=False,
        help_text="还没有登记的，先写姓名",
    )
    reason = forms.ChoiceField(
        label="没有覆盖的原因", required=False, help_text="没有覆盖的必选"
    )
    responsible_name = forms.CharField(
        label="责任人", max_length=50, required=False, help_text="没有覆盖的必填"
    )
    due_on = date_field(
        "完成期限",
        required=False,
        help_text="没有覆盖的必填；挂靠、派员以后还要组建的也可以填",
    )
    words = _words("说明", 500, required=False, help_text="和系统建议不同的，写明理由")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        unit: WorkUnit,
        last: Coverage | None,
        proposal: Proposal,
        reasons: list[str],
        **kwargs: Any,
    ) -> None:
        initial: dict[str, Any] = {"version": 0, "form": proposal.form}
        if proposal.near and proposal.form != CoverageForm.OWN:
            initial["organization"] = proposal.near[0].pk
        if last is not None:
            names = ("form", "instructor_name", "reason", "responsible_name")
            names += ("due_on", "words", "version")
            initial |= {name: getattr(last, name) for name in names}
            initial["organization"] = last.organization_id
        elif unit.organization_id:
            initial["organization"] = unit.organization_id
        posting = unit.instructor_postings.open().first()
        if posting is not None:
            initial["instructor"] = posting.instructor_id
        super().__init__(*args, initial=initial, **kwargs)
        seen = Instructor.objects.visible_to(self.user).in_office()
        self.fields["instructor"].queryset = seen.order_by("name", "pk")
        places = organizations_near(unit).visible_to(self.user)
        self.fields["organization"].queryset = places
        known = dict.fromkeys([*reasons, *([last.reason] if last else [])])
        self.fields["reason"].choices = [
            ("", NO_CHOICE),
            *((reason, reason) for reason in known if reason),
        ]

    def instructor_id(self) -> int | None:
        instructor = self.cleaned_data["instructor"]
        return instructor.pk if instructor else None

    def decision(self) -> Decision:
        data = self.cleaned_data
        host = data["organization"]
        names = ("form", "starts_on", "instructor_name", "reason")
        names += ("responsible_name", "due_on", "words")
        return Decision(
            organization_id=host.pk if host else None,
            **{name: data[name] for name in names},
        )


class DoorVisitForm(forms.Form):
    visited_on = date_field("上门日期", initial=timezone.localdate)
    visitors = forms.CharField(label="上门人员", max_length=100)
    met = forms.CharField(label="接待人", max_length=50, required=False)
    outcome = forms.ChoiceField(label="结果", choices=VisitOutcome.choices)
    words = _words("情况", 500, required=False)
    next_on = date_field("下次上门", required=False, help_text="还要再去的，定个日子")
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def facts(self) -> VisitFacts:
        names = ("visited_on", "visitors", "met", "outcome", "words", "next_on")
        return VisitFacts(**{name: self.cleaned_data[name] for name in names})


class VisitReasonForm(forms.Form):
    reason = forms.CharField(label="撤回的原因", max_length=200)


class UnitFilterForm(GroupedForm):
    """GET form of the list."""

    groups = UnitGroup

    q = forms.CharField(
        label="名称或信用代码",
        required=False,
        max_length=60,
        widget=forms.TextInput(
            attrs={"placeholder": "名称或信用代码", "type": "search"}
        ),
    )
    community = PlainModelChoiceField(
        label="所在社区",
        queryset=Community.objects.order_by("organization__path"),
        label_column="name",
        required=False,
    )
    kind = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[
            ("", ANY_CHOICE),
            ("private_enterprise", "非公有制企业"),
            ("social_organization", "社会组织"),
        ],
        widget=PlainSelect,
    )
    form = forms.ChoiceField(
        label="覆盖形式",
        required=False,
        choices=[("", ANY_CHOICE), *CoverageForm.choices],
        widget=PlainSelect,
    )


class FollowForm(forms.Form):
    """Units ticked in the list of those nobody decided yet."""

    units = TickedField(
        label="单位",
        coerce=int,
        error_messages={"required": "请先勾选要核定的单位。"},
    )

    def __init__(self, *args: Any, offered: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(pk, pk) for pk in offered]
