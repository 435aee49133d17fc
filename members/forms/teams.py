"""Forms of posts, elections and terms."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from config.lib.choices import PlainSelect
from config.lib.errors import RuleError
from config.lib.forms import GroupedForm, ScopedForm
from members.choices.teams import OfficerRole, TeamGroup
from members.electable import Electable
from members.forms.members import date_field
from members.forms.transfers import MonthField
from members.services.elections import Vote
from organizations.choices import ElectionForum, ElectionKind, TermChangeKind
from organizations.models import Organization
from organizations.term_rules import Ballot

CANDIDATE_ROWS = 10
MOST_PEOPLE = 100_000
PEOPLE_LIST = "people"


class TeamFilterForm(GroupedForm):
    groups = TeamGroup

    organization = forms.ModelChoiceField(
        label="党组织（含下级）",
        queryset=Organization.objects.order_by("path"),
        required=False,
        widget=PlainSelect(attrs={"data-picker": True}),
    )
    held_in = MonthField(
        label="哪个月换届选举",
        required=False,
        help_text="",
        widget=forms.TextInput(attrs={"placeholder": "如 2026-10"}),
    )


def _name_field() -> forms.CharField:
    return forms.CharField(
        label="姓名",
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": PEOPLE_LIST, "autocomplete": "off"}),
    )


class OfficerForm(ScopedForm):
    """A member who takes up a post."""

    name = _name_field()
    role = forms.ChoiceField(label="职务", choices=OfficerRole)
    starts_on = date_field("任职日期", initial=timezone.localdate)

    def __init__(self, *args: Any, people: Electable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        self.fields["name"].required = True

    def clean_name(self) -> int:
        return self.people.member(self.cleaned_data["name"])


class EndOfficeForm(forms.Form):
    ends_on = date_field("免职日期", initial=timezone.localdate)


def _number(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_PEOPLE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **options,
    )


class ElectionForm(ScopedForm):
    """An election meeting in figures."""

    kind = forms.ChoiceField(label="选举类别", choices=ElectionKind)
    forum = forms.ChoiceField(label="选举会议", choices=ElectionForum)
    held_on = date_field("选举日期", initial=timezone.localdate)
    term_number = forms.IntegerField(
        label="第几届",
        min_value=1,
        max_value=99,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text="届中补选不用填",
    )
    seats = _number("应选人数")
    eligible = _number("应到会有选举权人数", help_text="已按在册正式党员数填好，请核对")
    present = _number("实到会有选举权人数")
    issued = _number("发出选票")
    returned = _number("收回选票")
    valid = _number("有效选票")
    note = forms.CharField(
        label="说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="如请示文号、监票人和计票人",
    )
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def clean_seats(self) -> int:
        seats = self.cleaned_data["seats"]
        if seats == 0:
            raise RuleError("应选人数至少1人。", code="seats")
        return seats

    def ballot(self) -> Ballot:
        return Ballot(
            **{name: self.cleaned_data[name] for name in Ballot.__annotations__}
        )


class CandidateForm(forms.Form):
    """One who stood; a row without a name is a spare one."""

    name = _name_field()
    role = forms.ChoiceField(
        label="职务", choices=[("", "请选择"), *OfficerRole.choices], required=False
    )
    votes = _number("得票", required=False)
    is_elected = forms.BooleanField(label="当选", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("name"):
            if data.get("votes") or data.get("is_elected"):
                self.add_error("name", "请填写姓名；不要这一行时请清空得票和当选。")
            return data
        if not data.get("role"):
            self.add_error("role", "请选择职务。")
        if data.get("votes") is None and "votes" not in self.errors:
            self.add_error("votes", "请填写得票数，没有得票填0。")
        return data


class _CandidateFormSet(forms.BaseFormSet):
    def votes_of(self, people: Electable) -> list[Vote]:
        """The rows of a valid formset; a name that means nobody is said at its row."""
        votes = []
        for row in self.forms:
            data = row.cleaned_data
            if not data.get("name"):
                continue
            try:
                member_id = people.member(data["name"])
            except RuleError as error:
                row.add_error("name", error)
                continue
            votes.append(
                Vote(member_id, data["role"], data["votes"], data["is_elected"])
            )
        return votes


CandidateFormSet = forms.formset_factory(
    CandidateForm, formset=_CandidateFormSet, extra=CANDIDATE_ROWS, max_num=40
)


class ApprovalForm(forms.Form):
    """The higher organization's answer to the result of an election."""

    approved_on = date_field("批复日期", initial=timezone.localdate)
    approval = forms.CharField(label="批复文号", max_length=60, required=False)


class TermChangeForm(forms.Form):
    """A term that ends later or earlier than it was to."""

    kind = forms.ChoiceField(label="种类", choices=TermChangeKind)
    after = date_field("新的届满日期")
    approved_on = date_field("批准日期", initial=timezone.localdate)
    approval = forms.CharField(label="批准文号", max_length=60, required=False)
    reason = forms.CharField(
        label="事由", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="撤回原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
