"""Forms of posts and claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone

from activities.choices.teams import FreeTime
from activities.forms.teams import place_field, talents_on_offer
from config.lib.choices import PlainSelect
from config.lib.forms import ANY_CHOICE, NO_CHOICE, GroupedForm, ScopedForm
from config.lib.versions import VersionedFormMixin
from liaison.choices.posts import CHOSEN_ENDS, PostGroup
from liaison.models import ClaimPost
from liaison.parameters.posts import POST_CATEGORIES
from liaison.rules.posts import MOST_PLACES
from liaison.services.posts import PostFacts
from members.forms.members import date_field
from members.models import Talent
from organizations import parameters
from organizations.access import Right
from organizations.models import Organization

AGREE, DECLINE = "agree", "decline"


def _reason_field(label: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, widget=forms.Textarea(attrs={"rows": 2}), **options
    )


class PostForm(ScopedForm):
    """A post to be set up."""

    organization = place_field("设岗的社区或党支部", help_text="由它决定谁上岗")
    category = forms.ChoiceField(label="岗位类别")
    title = forms.CharField(
        label="岗位名称", max_length=30, help_text="如：楼道安全巡查员"
    )
    duties = forms.CharField(
        label="做什么", max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
    places = forms.IntegerField(
        label="人数", min_value=1, max_value=MOST_PLACES, initial=2
    )
    talents = forms.ModelMultipleChoiceField(
        label="需要的特长",
        queryset=Talent.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="用来找合适的人；不限的不勾",
    )
    needed_at = forms.ChoiceField(
        label="服务时间",
        required=False,
        choices=[("", "不限"), *FreeTime.choices],
    )
    time_words = forms.CharField(
        label="时间说明", required=False, max_length=60, help_text="如：每周六上午"
    )
    opened_on = date_field("设岗日期", initial=timezone.localdate)
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["talents"].queryset = talents_on_offer()
        # Of two kinds of empty choice this one is an answer.
        self.fields["needed_at"].choices = [("", "不限"), *FreeTime.choices]
        categories = parameters.get(POST_CATEGORIES.key)
        self.fields["category"].choices = [
            ("", NO_CHOICE),
            *((each, each) for each in categories),
        ]
        if "organization" in self.fields:
            self.fields["organization"].queryset = (
                Organization.objects.with_right(self.user, Right.KEEP_CARDS)
                .open()
                .filter(parent__isnull=False)
                .order_by("path")
            )

    def facts(self) -> PostFacts:
        data = self.cleaned_data
        return PostFacts(
            category=data["category"],
            title=data["title"],
            duties=data["duties"],
            places=data["places"],
            talents=list(data["talents"]),
            needed_at=data["needed_at"],
            time_words=data["time_words"],
        )


class PostAmendForm(VersionedFormMixin, PostForm):
    """A post as it is; where and since when stand."""

    organization = None
    opened_on = None
    request_id = None

    def __init__(self, *args: Any, instance: ClaimPost, **kwargs: Any) -> None:
        self.instance = instance
        names = ("category", "title", "duties", "places", "needed_at", "time_words")
        initial = {name: getattr(instance, name) for name in names}
        initial["talents"] = list(instance.talents.all())
        super().__init__(*args, initial=initial, **kwargs)
        choices = list(self.fields["category"].choices)
        if instance.category not in {key for key, _ in choices}:
            # Off the list since: the post keeps its word.
            self.fields["category"].choices = [
                *choices,
                (instance.category, f"{instance.category}（已不在类别表）"),
            ]
        # A talent out of use stays with the posts that name it.
        self.fields["talents"].queryset = (
            talents_on_offer() | instance.talents.all()
        ).distinct()


class PostCloseForm(VersionedFormMixin, forms.Form):
    closed_on = date_field("关闭日期", initial=timezone.localdate)
    reason = _reason_field("关闭原因")

    def __init__(self, *args: Any, instance: ClaimPost, **kwargs: Any) -> None:
        self.instance = instance
        super().__init__(*args, **kwargs)


class ClaimForm(forms.Form):
    """Who claims which post; one of both is known from the address."""

    chosen = forms.TypedChoiceField(
        coerce=int,
        widget=PlainSelect(attrs={"data-picker": True}),
        error_messages={"invalid_choice": "所选的已不在名单里，请重新选择。"},
    )
    words = _reason_field(
        "本人说明", required=False, help_text="为什么选这个岗位、能做什么，可不填"
    )
    proposed_on = date_field("提出日期", initial=timezone.localdate)
    request_id = forms.UUIDField(
        required=False, widget=forms.HiddenInput, initial=uuid4
    )

    def __init__(
        self,
        *args: Any,
        label: str,
        choices: Sequence[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].label = label
        self.fields["chosen"].choices = [("", NO_CHOICE), *choices]


class DecideForm(forms.Form):
    """The community's word on a claim."""

    decision = forms.ChoiceField(
        label="决定",
        choices=[(AGREE, "同意上岗"), (DECLINE, "不同意")],
        widget=forms.RadioSelect,
        initial=AGREE,
    )
    starts_on = date_field(
        "上岗日期",
        required=False,
        initial=timezone.localdate,
        help_text="同意的填写",
    )
    reason = _reason_field("不同意的原因", required=False, help_text="由支部告知本人")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wants_day = data.get("decision") == AGREE and "starts_on" not in self.errors
        if wants_day and not data.get("starts_on"):
            self.add_error("starts_on", "同意的，请填写上岗日期。")
        return data


class EndForm(forms.Form):
    ends_on = date_field("日期", initial=timezone.localdate)
    end_reason = forms.ChoiceField(
        label="原因",
        choices=[("", NO_CHOICE), *((each.value, each.label) for each in CHOSEN_ENDS)],
    )
    reason = _reason_field("说明", required=False, help_text="其他原因的请写明")


class PostFilter(GroupedForm):
    """GET form of the list."""

    groups = PostGroup

    category = forms.ChoiceField(label="岗位类别", required=False, widget=PlainSelect)
    organization = place_field("党组织（含下级）", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        categories = parameters.get(POST_CATEGORIES.key)
        self.fields["category"].choices = [
            ("", ANY_CHOICE),
            *((each, each) for each in categories),
        ]


class PlaceForm(ScopedForm):
    """GET form of the printed list: of which place."""

    empty_choice = "全部"

    organization = place_field("党组织（含下级）", required=False)
