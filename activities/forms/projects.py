"""Forms about projects of community services, their posts and people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from activities.choices.projects import LeavingReason, ProjectGroup, ServiceField
from activities.forms.teams import place_field
from activities.models import ProjectFounder, ServicePost, ServiceProject
from activities.people import Person
from activities.rules.projects import MOST_PLACES, WAYS
from activities.services.projects import ProjectFacts
from config.lib.choices import PlainModelChoiceField, PlainSelect
from config.lib.forms import ANY_CHOICE, NO_CHOICE, GroupedForm, ScopedForm
from config.lib.versions import VersionedFormMixin
from members.forms.members import date_field
from organizations.models import Community


def _person_field(label: str, **options: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        coerce=int,
        empty_value=None,
        widget=PlainSelect(attrs={"data-picker": True}),
        error_messages={"invalid_choice": "所选的党员已不在名单里，请重新选择。"},
        **options,
    )


def _named(people: Sequence[Person], nobody: str) -> list[tuple[str, str]]:
    return [("", nobody), *((str(each.member_id), each.name) for each in people)]


def _reason_field(label: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class ProjectFactsForm(ScopedForm):
    """What a project is, and where."""

    name = forms.CharField(
        label="项目名称", max_length=40, help_text="如：便民缝补店、社区老年餐桌"
    )
    field = forms.ChoiceField(
        label="服务领域", choices=[("", NO_CHOICE), *ServiceField.choices]
    )
    community = PlainModelChoiceField(
        label="所在社区",
        queryset=Community.objects.order_by("organization__path"),
        label_column="name",
        widget=PlainSelect,
    )
    place = forms.CharField(label="地点", max_length=100)
    phone = forms.CharField(
        label="业务电话",
        max_length=30,
        required=False,
        help_text="对外公布的电话；没有的不填",
    )

    def facts(self) -> ProjectFacts:
        """What the service takes."""
        data = self.cleaned_data
        return ProjectFacts(
            name=data["name"],
            field=data["field"],
            community_id=data["community"].pk,
            place=data["place"],
            phone=data["phone"],
        )


class ProjectForm(ProjectFactsForm):
    """A project to be opened by members among `people`."""

    field_order = ("founder", "partner", "third", "name", "field", "opened_on")

    founder = _person_field(
        "牵头开办人",
        help_text="原来下岗、求职的，同时登记为“自谋职业”；项目记入他的“双带”台账",
    )
    partner = _person_field("合办人", required=False)
    third = _person_field("合办人（二）", required=False)
    opened_on = date_field("开办日期", initial=timezone.localdate)
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def __init__(self, *args: Any, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["founder"].choices = _named(people, NO_CHOICE)
        for name in ("partner", "third"):
            self.fields[name].choices = _named(people, "没有")

    def founder_ids(self) -> list[int]:
        data = self.cleaned_data
        chosen = [data["founder"], data["partner"], data["third"]]
        return [pk for pk in chosen if pk is not None]


class ProjectAmendForm(VersionedFormMixin, ProjectFactsForm):
    """A project as it is."""

    def __init__(self, *args: Any, instance: ServiceProject, **kwargs: Any) -> None:
        self.instance = instance
        names = ("name", "field", "community", "place", "phone")
        initial = {name: getattr(instance, name, None) for name in names}
        super().__init__(*args, initial=initial, **kwargs)


class ProjectCloseForm(VersionedFormMixin, forms.Form):
    closed_on = date_field("停办日期", initial=timezone.localdate)
    reason = _reason_field("停办原因")

    def __init__(self, *args: Any, instance: ServiceProject, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class PostForm(forms.Form):
    """Posts of one kind to be added."""

    name = forms.CharField(
        label="岗位名称", max_length=30, help_text="如：缝纫工、保洁员、送餐员"
    )
    places = forms.IntegerField(
        label="岗位数", min_value=1, max_value=MOST_PLACES, initial=1
    )
    created_on = date_field("设立日期", initial=timezone.localdate)


class PostAmendForm(VersionedFormMixin, PostForm):
    """A post as it is; the day stands."""

    created_on = None

    def __init__(self, *args: Any, instance: ServicePost, **kwargs: Any) -> None:
        self.instance = instance
        initial = {"name": instance.name, "places": instance.places}
        super().__init__(*args, initial=initial, **kwargs)


class PostEndForm(forms.Form):
    ended_on = date_field("撤销日期", initial=timezone.localdate)


class WithdrawForm(forms.Form):
    reason = _reason_field("撤回原因")


class PlacementForm(forms.Form):
    """Who begins at which of `posts`, led by which of `founders`."""

    post = forms.TypedChoiceField(
        label="岗位",
        coerce=int,
        error_messages={"invalid_choice": "这个岗位已经没有空位，请重新选择。"},
    )
    member = _person_field("上岗党员", required=False)
    person_name = forms.CharField(
        label="居民姓名",
        max_length=30,
        required=False,
        help_text="上岗的不是党员时填写；只登记姓名",
    )
    way = forms.ChoiceField(
        label="就业方式",
        choices=[(each.value, each.label) for each in WAYS],
        help_text="上岗的是党员时，就业状况随之登记",
    )
    founder = forms.TypedChoiceField(label="带领人", coerce=int)
    starts_on = date_field("上岗日期", initial=timezone.localdate)
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def __init__(
        self,
        *args: Any,
        posts: Sequence[ServicePost],
        founders: Sequence[ProjectFounder],
        people: Sequence[Person],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [
            (post.pk, f"{post}（空{post.places - post.filled}个）") for post in posts
        ]
        self.fields["member"].choices = _named(people, "不是党员")
        self.fields["founder"].choices = [
            (each.pk, each.member.name if each.is_named else "其他党组织的党员")
            for each in founders
        ]


class LeaveForm(forms.Form):
    """When somebody left a post, why, and what a member does then."""

    ends_on = date_field("离岗日期", initial=timezone.localdate)
    reason = forms.ChoiceField(
        label="离岗原因",
        choices=[
            ("", NO_CHOICE),
            *(
                (each.value, each.label)
                for each in LeavingReason
                if each != LeavingReason.CLOSED
            ),
        ],
    )
    words = forms.CharField(
        label="说明",
        max_length=100,
        required=False,
        help_text="到别处就业的写新单位或者做什么；其他原因写明情况",
    )


class ProjectFilterForm(GroupedForm):
    """GET form of the list."""

    groups = ProjectGroup

    community = PlainModelChoiceField(
        label="社区",
        queryset=Community.objects.order_by("organization__path"),
        label_column="name",
        required=False,
        widget=PlainSelect,
    )
    field = forms.ChoiceField(
        label="服务领域",
        required=False,
        choices=[("", ANY_CHOICE), *ServiceField.choices],
        widget=PlainSelect,
    )
    organization = place_field("党组织（含下级）", required=False)
