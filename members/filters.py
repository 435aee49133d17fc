"""The filters of the member list, and the conditions behind them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict

from config.lib.choices import (
    KeptModelChoiceField,
    PlainModelChoiceField,
    PlainSelect,
)
from config.lib.forms import ANY_CHOICE, ScopedForm
from members import search
from members.checks import CHECKS
from members.choices import (
    ETHNIC_GROUPS,
    AffiliationKind,
    Category,
    MembershipStatus,
    MemberType,
    Sex,
)
from members.education import EDUCATION_LEVELS
from members.models import Member, Talent
from members.querysets import MemberQuerySet
from organizations.access import Right
from organizations.models import Community, Organization


def _choices(choices: Any) -> list[tuple[str, str]]:
    return [("", ANY_CHOICE), *choices]


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=_choices(choices), required=False, widget=PlainSelect
    )


# Shown once somebody asks for more, or a figure leads to them.
RARE = ("member_type", "sex", "ethnicity", "education", "age_from", "age_to")


class MemberFilterForm(ScopedForm):
    """GET form of the list; unknown values make it invalid and filter nothing."""

    empty_choice = ANY_CHOICE
    has_more = False

    q = forms.CharField(
        label="姓名、拼音、首字母或身份证后四位",
        required=False,
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "placeholder": "姓名、拼音、首字母或身份证后四位",
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
    community = PlainModelChoiceField(
        label="社区（居住或所属）",
        queryset=Community.objects.select_related("organization"),
        label_column="name",
        required=False,
    )
    category = _choice("党员类别", Category.choices)
    kind = _choice("隶属方式", AffiliationKind.choices)
    status = _choice("党籍状态", MembershipStatus.choices)
    talent = PlainModelChoiceField(
        label="特长",
        queryset=Talent.objects.filter(is_active=True),
        label_column="name",
        required=False,
    )
    check = _choice("待核事项", [(key, label) for key, (label, _) in CHECKS.items()])
    gone = _choice("在册情况", [("1", "已离开")])
    more = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        if not user.has_right(Right.SETTLE_CLAIMS):
            del self.fields["gone"]

    def clean_q(self) -> str:
        return self.cleaned_data["q"].strip()

    @property
    def is_filtered(self) -> bool:
        return self.is_bound and any(
            self.data.get(name)
            for name in self.fields
            if name not in {"q", "sort", "more"}
        )


class FullMemberFilterForm(MemberFilterForm):
    """The same with the filters that are rarely asked for."""

    has_more = True
    field_order = (
        *("q", "organization", "community", "category", "kind", "member_type"),
        *("status", "talent", "sex", "ethnicity", "education", "age_from", "age_to"),
    )

    member_type = _choice("人员类别", MemberType.choices)
    sex = _choice("性别", Sex.choices)
    ethnicity = _choice("民族", [("minority", "少数民族"), *ETHNIC_GROUPS.items()])
    education = _choice(
        "学历", [(key, label) for key, (label, _) in EDUCATION_LEVELS.items()]
    )
    age_from = forms.IntegerField(
        label="年龄从", min_value=0, max_value=130, required=False
    )
    age_to = forms.IntegerField(
        label="年龄至（含）", min_value=0, max_value=130, required=False
    )


def filter_form(params: QueryDict, user: Any) -> MemberFilterForm:
    """Return the form of the list: the short one unless more is asked for.

    Two classes, since a form copies all its fields each time it is made.
    """
    has_more = any(params.get(name) for name in ("more", *RARE))
    return (FullMemberFilterForm if has_more else MemberFilterForm)(params, user=user)


def filtered(user: Any, data: dict[str, Any], today: date) -> MemberQuerySet:
    """Return the members in `user`'s scope that fit the cleaned filters."""
    if data.get("gone"):
        members = Member.objects.formerly_in(user)
    else:
        members = Member.objects.visible_to(
            user, below=data.get("organization"), kind=data.get("kind") or ""
        )
    for name in ("category", "member_type", "status", "sex"):
        if value := data.get(name):
            members = members.filter(**{name: value})
    if community := data.get("community"):
        belonging = Member.objects.visible_to(user, below=community.organization)
        members = members.filter(
            Q(community=community) | Q(pk__in=belonging.values("pk"))
        )
    if talent := data.get("talent"):
        members = members.filter(talents=talent)
    if ethnicity := data.get("ethnicity"):
        members = members.filter(_ethnicity(ethnicity))
    if level := data.get("education"):
        members = members.filter(education__in=EDUCATION_LEVELS[level][1])
    members = members.filter(_ages(data, today))
    if check := data.get("check"):
        members = members.filter(CHECKS[check][1](today))
    if (found := search.condition(data.get("q") or "")) is not None:
        members = members.filter(found)
    return members


def _ethnicity(value: str) -> Q:
    return ~Q(ethnicity="Han") if value == "minority" else Q(ethnicity=value)


def _ages(data: dict[str, Any], today: date) -> Q:
    wanted = Q()
    if (youngest := data.get("age_from")) is not None:
        wanted &= Q(born_on__lte=born_latest(youngest, today))
    if (oldest := data.get("age_to")) is not None:
        wanted &= Q(born_on__gt=born_latest(oldest + 1, today))
    return wanted


def born_latest(age: int, day: date) -> date:
    """Return the latest birth of somebody who is `age` or older on `day`."""
    try:
        return day.replace(year=day.year - age)
    except ValueError:  # 29 February of a year that has none
        return day.replace(year=day.year - age, day=28)
